import { defineComponent, Optimiser } from "@lowerbound/core";
import { scaleTensors } from "../sac/scale.js";
import { initialisePpo } from "./networks.js";
import { type PpoOptions, ppoOptions } from "./options.js";
import { ppoPolicy, ppoValue } from "./policy.js";
import { ppoProgram } from "./program.js";

/** Proximal policy optimisation as an optimiser; its trainer refuses hooks that change a critic's update. */
export const createPpo = (options: PpoOptions): Optimiser => ({
  data: "on-policy",
  initialise: (dimensions, random, _hooks, scale) => ({
    ...initialisePpo(random, dimensions, options),
    ...scaleTensors(options, scale),
  }),
  update: (dimensions, batch) => ppoProgram(dimensions, options, batch),
  policy: ppoPolicy(options),
  discount: options.discount,
  onPolicy: { value: ppoValue(options), traceDecay: options.traceDecay },
});

/** Optimiser `ppo`. */
export const ppo = defineComponent({
  kind: Optimiser,
  type: "ppo",
  summary: "proximal policy optimisation on rollouts in the learnt model",
  documentation:
    "Clipped objective with generalised advantage estimation. Source: PPO (Schulman et al. 2017), GAE (Schulman et al. " +
    "2016). Deviation: the Gaussian is squashed by tanh into the action box. Learns from the model alone: realRatio and " +
    "retainedRollouts mean nothing to it, and each rollout serves rolloutFrequency mini-batches.",
  config: ppoOptions,
  create: createPpo,
});

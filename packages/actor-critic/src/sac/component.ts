import {
  type Dimensions,
  defineComponent,
  type HostTensors,
  hostFloat32,
  Optimiser,
  type Random,
  zerosOf,
} from "@lowerbound/core";
import { sacCritic } from "./critic.js";
import { initialiseNetworks, sacState } from "./networks.js";
import { type SacOptions, sacOptions } from "./options.js";
import { sacPolicy } from "./policy.js";
import { sacProgram } from "./program.js";
import { scaleTensors } from "./scale.js";
import { scheduleTensors } from "./schedule.js";
import { targetEntropyOf } from "./target-entropy.js";

/** Fresh networks; target critics equal the critics, moments are zero, log alpha is 0 or the fixed temperature's. */
export function initialiseSac(random: Random, dimensions: Dimensions, options: SacOptions): HostTensors {
  const { actor, critic } = initialiseNetworks(random, dimensions, options.hiddenSizes);
  const alpha = options.temperature === "auto" ? 1 : options.temperature;
  const one = (value: number) => hostFloat32(new Float32Array([value]), 1);
  return {
    ...zerosOf(sacState(dimensions, options.hiddenSizes)),
    actor: actor!,
    critic: critic!,
    target: { ...critic!, data: critic!.data.slice() },
    logAlpha: one(Math.log(alpha)),
    alpha: one(alpha),
  };
}

const copied = (tensors: HostTensors): HostTensors =>
  Object.fromEntries(Object.entries(tensors).map(([name, host]) => [name, { ...host, data: host.data.slice() }]));

/** Soft actor-critic as an optimiser. */
export const createSac = (options: SacOptions): Optimiser => ({
  data: "replay",
  initialise: (dimensions, random, hooks, scale) => ({
    ...initialiseSac(random, dimensions, options),
    ...scaleTensors(options, scale),
    ...scheduleTensors(options),
    ...copied(hooks?.criticRegulariser?.state ?? {}),
  }),
  update: (dimensions, batch, hooks) => sacProgram(dimensions, options, batch, hooks),
  policy: sacPolicy(options),
  critic: sacCritic(options),
  discount: options.discount,
  scheduled: options.actorSchedule !== "constant",
  check: (log) => void targetEntropyOf(log, options),
});

/** Optimiser `sac`. */
export const sac = defineComponent({
  kind: Optimiser,
  type: "sac",
  summary: "soft actor-critic with two critics and a learnt temperature",
  documentation:
    "Source: SAC (Haarnoja et al. 2018). Deviations: none by default; public code's clamp of the temperature and its " +
    "log-derivative of tanh are options, as is standardising observations, which public code does not do, and an actor's " +
    "step size that falls to 0, which makes the last policy worth less luck where policies swing from update to update.",
  config: sacOptions,
  create: createSac,
});

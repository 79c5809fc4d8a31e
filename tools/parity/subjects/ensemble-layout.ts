import type { HostTensor, HostTensors } from "@lowerbound/core";
import { ensembleOptions } from "@lowerbound/dynamics-ensemble";
import type { Fixture } from "@lowerbound/testing";
import { z } from "zod";
import { hostsUnder } from "./compute.js";

const count = z.number().int().positive();
const schema = z.looseObject({
  observation_size: count,
  action_size: count,
  hidden_sizes: z.array(count),
  members: count,
  elites: count,
  weight_decays: z.array(z.number()),
  learning_rate: z.number(),
  logvar_bound_coefficient: z.number(),
  batch_size: count,
  adam_betas: z.tuple([z.number(), z.number()]),
  adam_epsilon: z.number(),
  patience_epochs: count.optional(),
  maximum_epochs: count.nullish(),
  relative_improvement: z.number().optional(),
});

/** A manifest's hyperparameters as our options. */
export function ensembleSetup(fixture: Fixture) {
  const h = schema.parse(fixture.hyperparameters);
  const options = ensembleOptions.parse({
    members: h.members,
    elites: h.elites,
    hiddenSizes: h.hidden_sizes,
    weightDecays: h.weight_decays,
    learningRate: h.learning_rate,
    logVarBoundCoefficient: h.logvar_bound_coefficient,
    batchSize: h.batch_size,
    adamBetas: h.adam_betas,
    adamEpsilon: h.adam_epsilon,
    patienceEpochs: h.patience_epochs,
    maximumEpochs: h.maximum_epochs ?? 100_000,
    relativeImprovement: h.relative_improvement,
  });
  return { dimensions: { observation: h.observation_size, action: h.action_size }, options };
}

/** Public name of one of our trained tensors. */
export function publicName(name: string, hiddenLayers: number): string {
  const layer = /^(weight|bias)(\d+)$/.exec(name);
  if (layer === null) return name === "maxLogVar" ? "max_logvar" : "min_logvar";
  const index = Number(layer[2]);
  return index < hiddenLayers ? `backbones.${index}.${layer[1]}` : `output_layer.${layer[1]}`;
}

/** Trained tensors of an ensemble, by our names, from golden ones under a prefix. */
export function ensembleParameters(fixture: Fixture, prefix: string): Record<string, HostTensor> {
  const stored: HostTensors = hostsUnder(fixture, prefix);
  const hiddenLayers = Object.keys(stored).filter((name) => /^backbones\.\d+\.weight$/.test(name)).length;
  const names = [
    ...Array.from({ length: hiddenLayers + 1 }, (_, i) => [`weight${i}`, `bias${i}`]).flat(),
    "maxLogVar",
    "minLogVar",
  ];
  return Object.fromEntries(names.map((name) => [name, stored[publicName(name, hiddenLayers)]!]));
}

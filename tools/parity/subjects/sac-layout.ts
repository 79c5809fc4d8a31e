import { sacLayouts, sacOptions } from "@lowerbound/actor-critic";
import { type Dimensions, type HostTensors, hostFloat32 } from "@lowerbound/core";
import { flattenHost, unflattenHost } from "@lowerbound/nn";
import type { Fixture } from "@lowerbound/testing";
import { z } from "zod";
import { floats, transposed } from "./compute.js";

const count = z.number().int().positive();
const schema = z.looseObject({
  observation_size: count,
  action_size: count,
  hidden_sizes: z.array(count),
  batch_size: count,
  updates: count,
  gamma: z.number(),
  tau: z.number(),
  actor_learning_rate: z.number(),
  critic_learning_rate: z.number(),
  max_action: z.number(),
  alpha: z.union([z.literal("auto"), z.number()]),
  adam_betas: z.tuple([z.number(), z.number()]),
  adam_epsilon: z.number(),
  alpha_learning_rate: z.number().optional(),
  target_entropy: z.number().optional(),
});

/** A manifest's hyperparameters as our options, with public code's oddities switched on. */
export function sacSetup(fixture: Fixture) {
  const h = schema.parse(fixture.hyperparameters);
  const options = sacOptions.parse({
    hiddenSizes: h.hidden_sizes,
    actorLearningRate: h.actor_learning_rate,
    criticLearningRate: h.critic_learning_rate,
    temperatureLearningRate: h.alpha_learning_rate,
    adamBetas: h.adam_betas,
    adamEpsilon: h.adam_epsilon,
    temperature: h.alpha,
    temperatureMaximum: 1,
    targetEntropy: h.target_entropy,
    discount: h.gamma,
    tau: h.tau,
    maximumAction: h.max_action,
    logDerivative: "epsilon",
  });
  const dimensions: Dimensions = { observation: h.observation_size, action: h.action_size };
  return { dimensions, options, batch: h.batch_size, updates: h.updates };
}

const joined = (...parts: Float32Array[]): Float32Array => Float32Array.from(parts.flatMap((part) => [...part]));

/** Names of a public network's linear layers, first to last; the actor's two heads count as one layer. */
export const layerNames = (hidden: number, heads: readonly string[]): readonly (readonly string[])[] => [
  ...Array.from({ length: hidden }, (_, i) => [`backbone.model.${2 * i}`]),
  heads,
];

const ACTOR_HEADS = ["dist_net.mu", "dist_net.sigma"] as const;

/** Our layer tensors of one public network under `prefix`; a group of layers is joined along its outputs. */
function network(
  fixture: Fixture,
  prefix: string,
  layers: readonly (readonly string[])[],
): Record<string, Float32Array> {
  const entries = layers.flatMap((group, index) => {
    const biases = group.map((name) => floats(fixture, `${prefix}${name}.bias`));
    const rows = group.map((name) => floats(fixture, `${prefix}${name}.weight`));
    const bias = joined(...biases);
    return [[`weight${index}`, transposed(joined(...rows), bias.length)] as const, [`bias${index}`, bias] as const];
  });
  return Object.fromEntries(entries);
}

const asHosts = (tensors: Record<string, Float32Array>): HostTensors =>
  Object.fromEntries(Object.entries(tensors).map(([name, data]) => [name, hostFloat32(data, data.length)]));

/** The actor under a prefix as our flat vector. */
export function flatActor(fixture: Fixture, prefix: string, dimensions: Dimensions, hiddenSizes: readonly number[]) {
  const tensors = network(fixture, prefix, layerNames(hiddenSizes.length, ACTOR_HEADS));
  return flattenHost(asHosts(tensors), sacLayouts(dimensions, hiddenSizes).actor);
}

/** Two critics as our flat vector, in which they lie side by side, layer by layer. */
export function flatCritics(fixture: Fixture, prefixes: readonly string[]) {
  const { dimensions, options } = sacSetup(fixture);
  const layers = layerNames(options.hiddenSizes.length, ["last"]);
  const each = prefixes.map((prefix) => network(fixture, prefix, layers));
  const both = Object.keys(each[0]!).map((name) => [name, joined(...each.map((one) => one[name]!))] as const);
  return flattenHost(asHosts(Object.fromEntries(both)), sacLayouts(dimensions, options.hiddenSizes).critic);
}

/** Our flat vectors and golden ones, compared under public names: golden file in our layout against a result. */
export function publicCritics(fixture: Fixture, flat: Float32Array, prefixes: readonly string[]) {
  const { dimensions, options } = sacSetup(fixture);
  const tensors = unflattenHost(flat, sacLayouts(dimensions, options.hiddenSizes).critic);
  const layers = layerNames(options.hiddenSizes.length, ["last"]);
  return Object.assign({}, ...prefixes.map((prefix, member) => publicNetwork(tensors, layers, prefix, { member })));
}

export function publicActor(fixture: Fixture, flat: Float32Array, prefix: string) {
  const { dimensions, options } = sacSetup(fixture);
  const tensors = unflattenHost(flat, sacLayouts(dimensions, options.hiddenSizes).actor);
  return publicNetwork(tensors, layerNames(options.hiddenSizes.length, ACTOR_HEADS), prefix, {});
}

/** One network's tensors by public names, weights [output, input]. */
function publicNetwork(
  tensors: HostTensors,
  layers: readonly (readonly string[])[],
  prefix: string,
  { member }: { readonly member?: number },
): Record<string, Float32Array> {
  const out: Record<string, Float32Array> = {};
  for (const [index, group] of layers.entries()) {
    const own = (name: string): Float32Array => {
      const { data, shape } = tensors[name]!;
      const size = member === undefined ? data.length : data.length / shape[0]!;
      return Float32Array.from(data.subarray((member ?? 0) * size, ((member ?? 0) + 1) * size));
    };
    const bias = own(`bias${index}`);
    const weight = transposed(own(`weight${index}`), own(`weight${index}`).length / bias.length);
    const [rows, outputs] = [bias.length / group.length, weight.length / bias.length];
    for (const [k, name] of group.entries()) {
      out[`${prefix}${name}.bias`] = bias.slice(k * rows, (k + 1) * rows);
      out[`${prefix}${name}.weight`] = weight.slice(k * rows * outputs, (k + 1) * rows * outputs);
    }
  }
  return out;
}

import { type Dimensions, type HostTensors, hostFloat32 } from "@lowerbound/core";
import { type FqeOptions, fqeLayout, fqeOptions } from "@lowerbound/evaluation";
import { flattenHost, unflattenHost } from "@lowerbound/nn";
import type { Fixture } from "@lowerbound/testing";
import { z } from "zod";
import { floats, transposed } from "./compute.js";

const hyperparameters = z.looseObject({
  observation_size: z.int(),
  action_size: z.int(),
  q_hidden_sizes: z.array(z.int()),
  policy_hidden_sizes: z.array(z.int()),
  batch_size: z.int(),
  updates: z.int(),
  gamma: z.number(),
  learning_rate: z.number(),
  critics: z.int(),
  target_update_interval: z.int(),
});

export interface Setup {
  readonly dimensions: Dimensions;
  readonly options: FqeOptions;
  readonly gamma: number;
  readonly policyLayers: number;
}

/** What a manifest says. */
export function setupOf(fixture: Fixture): Setup {
  const given = hyperparameters.parse(fixture.hyperparameters);
  return {
    dimensions: { observation: given.observation_size, action: given.action_size },
    options: fqeOptions.parse({
      hiddenSizes: given.q_hidden_sizes,
      critics: given.critics,
      updates: given.updates,
      batchSize: given.batch_size,
      learningRate: given.learning_rate,
      targetInterval: given.target_update_interval,
      firstCopy: "immediately",
    }),
    gamma: given.gamma,
    policyLayers: given.policy_hidden_sizes.length,
  };
}

/** Names of a public network's layers. */
export const layerNames = (hidden: number): readonly string[] => [
  ...Array.from({ length: hidden }, (_, k) => `_encoder._layers.${2 * k}`),
  "_fc",
];

/** Critics under a prefix as our flat vector. */
export function flatCritics(fixture: Fixture, prefix: string): HostTensors[string] {
  const { dimensions, options } = setupOf(fixture);
  const entries = layerNames(options.hiddenSizes.length).flatMap((module, index) => {
    const each = Array.from({ length: options.critics }, (_, k) => {
      const { shape } = fixture.tensor(`${prefix}${k}.${module}.weight`);
      return {
        weight: transposed(floats(fixture, `${prefix}${k}.${module}.weight`), shape[0]!),
        bias: floats(fixture, `${prefix}${k}.${module}.bias`),
      };
    });
    return [
      [`weight${index}`, joined(each.map(({ weight }) => weight))] as const,
      [`bias${index}`, joined(each.map(({ bias }) => bias))] as const,
    ];
  });
  const tensors = entries.map(([name, data]) => [name, hostFloat32(data, data.length)] as const);
  return flattenHost(Object.fromEntries(tensors), fqeLayout(dimensions, options));
}

/** Our flat vector under public names, weights [output, input]. */
export function publicCritics(fixture: Fixture, flat: ArrayLike<number>, prefix: string): Record<string, Float32Array> {
  const { dimensions, options } = setupOf(fixture);
  const tensors = unflattenHost(Float32Array.from(flat), fqeLayout(dimensions, options));
  const out: Record<string, Float32Array> = {};
  for (const [index, module] of layerNames(options.hiddenSizes.length).entries()) {
    for (let k = 0; k < options.critics; k++) {
      const own = (name: string) => memberOf(tensors[name]!, k);
      out[`${prefix}${k}.${module}.weight`] = transposed(own(`weight${index}`), tensors[`weight${index}`]!.shape[1]!);
      out[`${prefix}${k}.${module}.bias`] = own(`bias${index}`);
    }
  }
  return out;
}

function memberOf({ shape, data }: HostTensors[string], member: number): Float32Array {
  const size = data.length / shape[0]!;
  return Float32Array.from(data.subarray(member * size, (member + 1) * size));
}

function joined(arrays: readonly Float32Array[]): Float32Array {
  const all = new Float32Array(arrays.reduce((size, { length }) => size + length, 0));
  let at = 0;
  for (const each of arrays) {
    all.set(each, at);
    at += each.length;
  }
  return all;
}

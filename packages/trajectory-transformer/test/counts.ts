// A user's own model of trajectories: it counts what follows an observation and an action, of one entry each.
import { defineComponent, hostFloat32, SequenceModel, specsOf } from "@lowerbound/core";
import * as tf from "@tensorflow/tfjs";
import { z } from "zod";
import { tokenDataOf, tokenTensors } from "../src/index.js";

const [bins, transitions, width] = [10, 3, 4];
const vocabulary = bins + 1;

/** Where the two tokens that a prediction after position `position` is made of stand: the transition's first two, or first. */
const known = (position: number): readonly [number, number] => {
  const first = position - (position % width);
  return [first, Math.min(first + 1, position)];
};

/** Log of how often each token followed, a row a place and pair [width * vocabulary * vocabulary, vocabulary]. */
function tableOf(paths: readonly { readonly tokens: Int32Array }[]): Float32Array {
  const table = new Float32Array(width * vocabulary ** 3).fill(0.01);
  for (const { tokens } of paths) {
    for (let position = 0; position + 1 < tokens.length; position++) {
      const [first, second] = known(position);
      const row = ((position % width) * vocabulary + tokens[first]!) * vocabulary + tokens[second]!;
      table[row * vocabulary + tokens[position + 1]!]! += 1;
    }
  }
  return table.map(Math.log);
}

export const createCounts = (): SequenceModel => ({
  vocabulary,
  fit: async ({ dataset }) => {
    const windows = { transitions, step: 1, bins, strategy: "uniform", discount: 0.5 } as const;
    const { discretiser, paths } = await tokenDataOf(dataset, windows);
    const { observation, action } = await dataset.info();
    const meaning = { discretiser, sizes: { observation, action }, goals: false };
    const table = hostFloat32(tableOf(paths), width * vocabulary ** 2, vocabulary);
    return { tensors: { table, ...tokenTensors(meaning, transitions * width - 1) }, facts: {} };
  },
  contextLength: ({ sizes }) => sizes!.data[0]!,
  parameters: ({ table }) => specsOf({ table: table! }),
  logits: (tokens, { table }) => {
    const positions = Array.from({ length: tokens.shape[1]! }, (_, position) => position);
    const constant = (values: number[]) => tf.tensor1d(values, "int32");
    const [first, second] = [0, 1].map((which) =>
      tf.gather(tokens, constant(positions.map((position) => known(position)[which]!)), 1),
    );
    const places = constant(positions.map((position) => (position % width) * vocabulary));
    const pair = tf.add(tf.mul(tf.add(places, first!), tf.scalar(vocabulary, "int32")), second!);
    return tf.gather(table!, tf.cast(pair, "int32"));
  },
});

export const counts = defineComponent({
  kind: SequenceModel,
  type: "counts",
  summary: "how often each token followed",
  config: z.object({}),
  create: createCounts,
});

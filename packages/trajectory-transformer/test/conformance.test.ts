import { type HostTensors, Random, type SequenceModel } from "@lowerbound/core";
import { createAutoEngine, createEagerEngine } from "@lowerbound/runtime";
import { memoryRun, sequenceConformance, wideLine } from "@lowerbound/testing";
import { afterAll, describe, it } from "vitest";
import { createLstm, createTransformer, lstmOptions, transformerOptions } from "../src/index.js";

const engine = createAutoEngine({ threads: 1, provider: "cpu" });
const eager = createEagerEngine("cpu", async () => "cpu");
afterAll(() => Promise.all([engine.dispose(), eager.dispose()]));

const sizes = { transitions: 2, bins: 6, layers: 1, embedding: 8, updates: 3, batchSize: 4, heldOut: undefined };

const fit = async (model: SequenceModel): Promise<HostTensors> => {
  const fitted = () => ({ tensors: {}, facts: {} });
  const context = { dataset: wideLine(60, 3), engine, random: Random.fromSeed(1), run: memoryRun(), fitted };
  return (await model.fit(context)).tensors;
};

describe.each([
  ["trajectory-transformer", createTransformer(transformerOptions.parse({ ...sizes, heads: 2 }))],
  ["lstm", createLstm(lstmOptions.parse(sizes))],
])("%s", async (_, model) => {
  const subject = { model, fitted: await fit(model), engines: [engine, eager] as const };
  it.each(sequenceConformance(subject))("$name", ({ run }) => run());
});

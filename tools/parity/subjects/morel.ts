import type { CreateContext, Engine, HostTensors } from "@lowerbound/core";
import { haltTransition, morelOptions, thresholdOf } from "@lowerbound/morel";
import { checkAll, type Fixture, type FixtureCheck } from "@lowerbound/testing";
import { maxPairwiseDifferencePenalty } from "@lowerbound/uncertainty-penalties";
import * as tf from "@tensorflow/tfjs";
import { z } from "zod";
import { compute, floats, host } from "./compute.js";

const schema = z.looseObject({
  pessimism_coefficient: z.number(),
  halt_reward: z.number(),
  minimum_length: z.number().int().positive(),
});
type Hyperparameters = z.output<typeof schema>;

const ALONE: CreateContext = {
  inject: ({ name }) => {
    throw new Error(`there is no ${name} here`);
  },
  optional: () => undefined,
};
const detector = maxPairwiseDifferencePenalty.create(maxPairwiseDifferencePenalty.config.parse({}), ALONE);

/** MOReL's discrepancies, the threshold that they give, and imagined paths cut where the unknown begins. */
export async function morelSubject(fixture: Fixture, engine: Engine): Promise<readonly FixtureCheck[]> {
  const h = schema.parse(fixture.hyperparameters);
  const ofData = await discrepanciesOf(fixture, "in.data_predictions", engine);
  const rule = morelOptions.parse({ threshold: "maximum", thresholdCoefficient: h.pessimism_coefficient });
  const threshold = thresholdOf(ofData, rule);
  const results: Record<string, ArrayLike<number>> = {
    "out.discrepancy": ofData,
    "out.threshold": [threshold],
  };
  for (const path of pathsOf(fixture)) {
    const u = await discrepanciesOf(fixture, `in.${path}.predictions`, engine);
    const cut = await cutPath(floats(fixture, `in.${path}.rewards`), { u, threshold }, h, engine);
    results[`out.${path}.discrepancy`] = u;
    results[`out.${path}.rewards`] = cut.rewards;
    results[`out.${path}.length`] = [cut.rewards.length];
    results[`out.${path}.truncated`] = [cut.halted ? 1 : 0];
  }
  return checkAll(fixture, results);
}

const pathsOf = (fixture: Fixture): readonly string[] =>
  fixture
    .names("in.path")
    .filter((name) => name.endsWith(".rewards"))
    .map((name) => name.split(".")[1]!);

async function discrepanciesOf(fixture: Fixture, name: string, engine: Engine): Promise<Float32Array> {
  const meanObservation = host(fixture.tensor(name));
  const [members = 0, batch = 0] = meanObservation.shape;
  const { u } = await compute(engine, { meanObservation }, (tensors) => {
    const nothing = tf.zeros([batch, 1]);
    const inputs = {
      observation: nothing,
      action: nothing,
      sampleObservation: nothing,
      sampleReward: nothing,
      meanObservation: tensors.meanObservation!,
      meanReward: tf.zeros([members, batch, 1]),
      logVar: tf.zeros([members, batch, 1]),
      elites: tf.range(0, members, 1, "int32"),
    };
    return { u: detector.penalise(inputs, {}) };
  });
  return Float32Array.from(u!);
}

interface Detection {
  readonly u: Float32Array;
  readonly threshold: number;
}

/** A path up to HALT. Public code keeps at least so many steps, looks not at the last one, and pays HALT once. */
async function cutPath(rewards: Float32Array, { u, threshold }: Detection, h: Hyperparameters, engine: Engine) {
  const judged = Float32Array.from(rewards, (_, step) => u[step] ?? 0);
  const halt = (penalty: Float32Array) => reshape({ rewards, penalty, threshold, pay: h.halt_reward }, engine);
  const first = (await halt(judged)).terminations.indexOf(1);
  if (first < 0) return { halted: false, rewards };
  const length = Math.min(Math.max(first + 1, h.minimum_length), rewards.length);
  const atCut = judged.map((_, step) => (step === length - 1 ? u[first]! : 0));
  return { halted: true, rewards: (await halt(atCut)).rewards.slice(0, length) };
}

interface Path {
  readonly rewards: Float32Array;
  readonly penalty: Float32Array;
  readonly threshold: number;
  readonly pay: number;
}

/** The algorithm's own hook on each step of a path. */
async function reshape({ rewards, penalty, threshold, pay }: Path, engine: Engine) {
  const { reshapeTransition } = haltTransition({ threshold, haltReward: pay });
  const column = (data: Float32Array): HostTensors[string] => ({ dtype: "float32", shape: [data.length, 1], data });
  const inputs = { reward: column(rewards), penalty: column(penalty) };
  const outputs = await compute(engine, inputs, ({ reward, penalty: u }) => {
    const nothing = tf.zerosLike(reward!);
    const at = { observation: nothing, action: nothing, nextObservation: nothing };
    const reshaped = reshapeTransition({ ...at, reward: reward!, termination: nothing, penalty: u });
    return { rewards: reshaped.reward, terminations: reshaped.termination };
  });
  return { rewards: Float32Array.from(outputs.rewards!), terminations: Float32Array.from(outputs.terminations!) };
}

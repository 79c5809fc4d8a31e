import assert from "node:assert/strict";
import {
  type Dimensions,
  type DynamicsModel,
  drawNoise,
  type Engine,
  float32,
  type HostTensors,
  type MemberPrediction,
  type Params,
  Random,
  scoped,
  stepModel,
  type TypedArray,
  unscoped,
} from "@lowerbound/core";
import * as tf from "@tensorflow/tfjs";
import type { ConformanceCase } from "./dataset-conformance.js";

export interface DynamicsConformance {
  readonly model: DynamicsModel;
  readonly dimensions: Dimensions;
  /** Tensors that its fit left behind. */
  readonly fitted: HostTensors;
  /** Compiled, and eager. */
  readonly engines: readonly [Engine, Engine];
}

const ROWS = 5;

/** What every Markov model of the dynamics must do once it is fitted. */
export function dynamicsConformance(subject: DynamicsConformance): readonly ConformanceCase[] {
  const { model, dimensions, engines } = subject;
  const [engine, eager] = engines;
  const cases: ConformanceCase[] = [
    {
      name: "steps to finite next observations and rewards of the right shapes",
      run: async () => {
        const { next, reward } = await step(engine, subject, 1);
        assert.equal(next!.length, ROWS * dimensions.observation);
        assert.equal(reward!.length, ROWS);
        assert.ok([...next!, ...reward!].every(Number.isFinite));
      },
    },
    {
      name: "is a function of its inputs and noise alone",
      run: async () => {
        const [once, again, otherwise] = [
          await step(engine, subject, 1),
          await step(engine, subject, 1),
          await step(engine, subject, 2),
        ];
        assert.deepEqual(again, once);
        const draws = Object.keys(model.stepNoise(dimensions, ROWS, subject.fitted)).length > 0;
        if (draws) assert.notDeepEqual(otherwise, once);
        else assert.deepEqual(otherwise, once);
      },
    },
    {
      name: "gives the same compiled and eager",
      run: async () => {
        const [a, b] = [await step(engine, subject, 3), await step(eager, subject, 3)];
        for (const name of Object.keys(a)) closeAll(a[name]!, b[name]!, name);
      },
    },
  ];
  return [...cases, ...(model.capabilities.members ? memberCases(subject) : []), ...gradientCases(subject)];
}

function memberCases(subject: DynamicsConformance): readonly ConformanceCase[] {
  const [engine] = subject.engines;
  return [
    {
      name: "hands out the members' Gaussians and which of them are elites",
      run: async () => {
        const { mean, variance, elites } = await step(engine, subject, 1);
        const members = mean!.length / (ROWS * subject.dimensions.observation);
        assert.ok(Number.isInteger(members) && members >= 1);
        assert.equal(variance!.length, members * ROWS * (subject.dimensions.observation + 1));
        assert.ok([...elites!].every((member) => Number.isInteger(member) && member >= 0 && member < members));
        assert.equal(new Set(elites!).size, elites!.length);
      },
    },
    {
      name: "predicts in `predict` what `step` hands out",
      run: async () => {
        const found = await step(engine, subject, 1);
        for (const name of ["mean", "meanReward", "variance"]) {
          closeAll(found[`predicted/${name}`]!, found[name]!, `predict: ${name}`);
        }
      },
    },
  ];
}

function gradientCases(subject: DynamicsConformance): readonly ConformanceCase[] {
  if (!subject.model.capabilities.differentiable) return [];
  const run = async () => {
    const { slope, up, down } = await step(subject.engines[0], subject, 1);
    const difference = (up![0]! - down![0]!) / (2 * NUDGE);
    assert.ok(Math.abs(slope![0]! - difference) <= 1e-2 * (1 + Math.abs(difference)), `${slope![0]} for ${difference}`);
  };
  return [{ name: "has the gradient by the action that finite differences confirm", run }];
}

const NUDGE = 1e-2;

/** One step from fixed observations with the noise of a seed, and all that the cases look at. */
async function step(engine: Engine, subject: DynamicsConformance, seed: number): Promise<Record<string, TypedArray>> {
  const { model, dimensions, fitted } = subject;
  const noise = model.stepNoise(dimensions, ROWS, fitted);
  const program = await engine.compile({
    name: "dynamics",
    state: scoped("model", model.parameters(fitted)),
    inputs: { observation: float32(ROWS, dimensions.observation), action: float32(ROWS, dimensions.action) },
    noise: scoped("noise", noise),
    fn: (tensors) => outputs(model, tensors),
  });
  const random = Random.fromSeed(11);
  const inputs = {
    observation: random.normal(new Float32Array(ROWS * dimensions.observation)),
    action: random.uniform(new Float32Array(ROWS * dimensions.action)),
  };
  const drawn = scoped("noise", drawNoise(Random.fromSeed(seed), noise));
  const results = await program.run(new Map(Object.entries(scoped("model", fitted))), { ...inputs, ...drawn });
  const copies = Object.entries(results).map(([name, { data }]) => [name, data.slice()] as const);
  await program.dispose();
  return Object.fromEntries(copies);
}

function outputs(model: DynamicsModel, tensors: Params): Record<string, tf.Tensor> {
  const params = unscoped("model", tensors);
  const [observation, action] = [tensors.observation!, tensors.action!];
  const at = (a: tf.Tensor) => stepModel(model, { observation, action: a }, params, unscoped("noise", tensors));
  const { nextObservation: next, reward, prediction, elites } = at(action);
  const total = (a: tf.Tensor) => {
    const moved = at(a);
    return tf.add(tf.sum(moved.nextObservation), tf.sum(moved.reward));
  };
  const results: Record<string, tf.Tensor> = { next, reward };
  if (prediction !== undefined && elites !== undefined) {
    const predicted = model.predict?.({ observation, action }, params) ?? prediction;
    Object.assign(results, gaussians(prediction), scoped("predicted", gaussians(predicted)));
    Object.assign(results, { elites: tf.clone(elites) });
  }
  if (!model.capabilities.differentiable) return results;
  const slope = tf.reshape(tf.sum(tf.grad((a: tf.Tensor) => tf.reshape(total(a), []))(action)), [1]);
  const shifted = (by: number) => tf.reshape(total(tf.add(action, by)), [1]);
  return { ...results, slope, up: shifted(NUDGE), down: shifted(-NUDGE) };
}

/** Copies: a tensor handed out under two names would be one output. */
const gaussians = ({ meanObservation, meanReward, logVar }: MemberPrediction): Record<string, tf.Tensor> => ({
  mean: tf.clone(meanObservation),
  meanReward: tf.clone(meanReward),
  variance: tf.exp(logVar),
});

function closeAll(got: TypedArray, wanted: TypedArray, name: string): void {
  assert.equal(got.length, wanted.length, `${name}: numbers`);
  for (const [i, value] of got.entries()) {
    const gap = Math.abs(value - wanted[i]!);
    assert.ok(gap <= 1e-4 * (1 + Math.abs(wanted[i]!)), `${name}[${i}]: ${value} and ${wanted[i]}`);
  }
}

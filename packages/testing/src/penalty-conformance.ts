import assert from "node:assert/strict";
import {
  drawNoise,
  type Engine,
  float32,
  type HostTensors,
  type Params,
  type PenaltyInputs,
  Random,
  scoped,
  specsOf,
  type TypedArray,
  type UncertaintyPenalty,
  uncertainty,
  unscoped,
} from "@lowerbound/core";
import * as tf from "@tensorflow/tfjs";
import type { ConformanceCase } from "./dataset-conformance.js";

export interface PenaltyConformance {
  /** The engine whose results count, and one that runs the same function another way: eager beside compiled. */
  readonly engines: readonly [Engine, Engine];
  /** The penalty measures disagreement alone: it is 0 where all members predict the same. */
  readonly zeroWhenMembersAgree: boolean;
  /** Fitted tensors, for a penalty with a fit phase: of observations of 4 entries and actions of 2. */
  readonly fitted?: HostTensors;
}

const SIZES = { members: 5, batch: 6, observation: 4, action: 2 } as const;

/**
 * What every penalty must do, whatever it needs; `make` gives one, freshly configured. Penalties that ask for critic and
 * policy are given smooth ones.
 */
export function penaltyConformance(
  make: () => UncertaintyPenalty,
  { engines, zeroWhenMembersAgree, fitted = {} }: PenaltyConformance,
): readonly ConformanceCase[] {
  const [engine, other] = engines;
  const penalties = (on: Engine, penalty: UncertaintyPenalty, arrays: Arrays) => evaluate(on, penalty, arrays, fitted);
  const cases: ConformanceCase[] = [
    {
      name: "gives one finite, non-negative number a row",
      run: async () => {
        const u = await penalties(engine, make(), gaussians());
        assert.equal(u.length, SIZES.batch);
        for (const value of u) assert.ok(Number.isFinite(value) && value >= 0, `u = ${value}`);
      },
    },
    {
      name: "judges a row by itself, whatever rows stand beside it",
      run: async () => {
        const whole = await penalties(engine, make(), gaussians());
        for (let row = 0; row < SIZES.batch; row++) {
          const [alone] = await penalties(engine, make(), oneRow(gaussians(), row));
          close(alone!, whole[row]!, 1e-6);
        }
      },
    },
    {
      name: "gives the same compiled and eager",
      run: async () => {
        const [compiled, eager] = [
          await penalties(engine, make(), gaussians()),
          await penalties(other, make(), gaussians()),
        ];
        for (const [row, value] of compiled.entries()) close(value, eager[row]!, 1e-5);
      },
    },
    {
      name: "looks at members' predictions only where it says so",
      run: async () => {
        if (make().seesMembers !== false) return;
        const [u, blind] = [
          await penalties(engine, make(), gaussians()),
          await penalties(engine, make(), withoutMembers(gaussians())),
        ];
        assert.deepEqual(blind, u);
      },
    },
    {
      name: "names its unit",
      run: async () => assert.ok((make().unit ?? "").length > 0),
    },
  ];
  const zero: ConformanceCase = {
    name: "is zero where all members agree",
    run: async () => {
      const u = await penalties(engine, make(), agreeing(gaussians()));
      for (const value of u) close(value, 0, 1e-5);
    },
  };
  return zeroWhenMembersAgree ? [...cases, zero] : cases;
}

type Arrays = Readonly<Record<"observation" | "action" | "meanObservation" | "meanReward" | "logVar", Rows>>;
interface Rows {
  readonly shape: readonly number[];
  readonly data: Float32Array;
}

function gaussians(): Arrays {
  const random = Random.fromSeed(7);
  const { members, batch, observation, action } = SIZES;
  const normal = (...shape: number[]): Rows => ({
    shape,
    data: random.normal(new Float32Array(shape.reduce((a, b) => a * b, 1))),
  });
  return {
    observation: normal(batch, observation),
    action: normal(batch, action),
    meanObservation: normal(members, batch, observation),
    meanReward: normal(members, batch, 1),
    logVar: normal(members, batch, observation + 1),
  };
}

/** One row of every array; rows are the last axis but one. */
function oneRow(arrays: Arrays, row: number): Arrays {
  const cut = ({ shape, data }: Rows): Rows => {
    const dim = shape.at(-1)!;
    const kept = data.filter((_, i) => Math.floor(i / dim) % SIZES.batch === row);
    return { shape: [...shape.slice(0, -2), 1, dim], data: kept };
  };
  return mapRows(arrays, cut);
}

/** Every member predicts what the first does. */
function agreeing(arrays: Arrays): Arrays {
  return mapRows(arrays, ({ shape, data }) => {
    if (shape.length < 3) return { shape, data };
    const size = data.length / SIZES.members;
    return { shape, data: data.map((_, i) => data[i % size]!) };
  });
}

/** What a model without members gives: one member that predicts NaN. */
function withoutMembers(arrays: Arrays): Arrays {
  return mapRows(arrays, ({ shape, data }) => {
    if (shape.length < 3) return { shape, data };
    const [, ...one] = shape;
    return { shape: [1, ...one], data: new Float32Array(data.length / SIZES.members).fill(Number.NaN) };
  });
}

function mapRows(arrays: Arrays, fn: (rows: Rows) => Rows): Arrays {
  const { observation, action, meanObservation, meanReward, logVar } = arrays;
  return {
    observation: fn(observation),
    action: fn(action),
    meanObservation: fn(meanObservation),
    meanReward: fn(meanReward),
    logVar: fn(logVar),
  };
}

async function evaluate(
  engine: Engine,
  penalty: UncertaintyPenalty,
  arrays: Arrays,
  fitted: HostTensors,
): Promise<TypedArray> {
  const inputs = Object.fromEntries(Object.entries(arrays).map(([name, { shape }]) => [name, float32(...shape)]));
  const noise = scoped("noise", penalty.noise?.(arrays.observation.shape[0]!, SIZES) ?? {});
  const state = scoped("fitted", fitted);
  const fn = (tensors: Params) => ({ u: uncertainty(penalty, inputsOf(tensors), unscoped("fitted", tensors)) });
  const program = await engine.compile({ name: "penalty", fn, state: specsOf(state), inputs, noise });
  const data = Object.fromEntries(Object.entries(arrays).map(([name, rows]) => [name, rows.data]));
  const { u } = await program.run(new Map(Object.entries(state)), { ...data, ...drawNoise(Random.fromSeed(1), noise) });
  const copy = u!.data.slice();
  await program.dispose();
  return copy;
}

function inputsOf(tensors: Params): PenaltyInputs {
  const [observation, action] = [tensors.observation!, tensors.action!];
  const [meanObservation, meanReward, logVar] = [tensors.meanObservation!, tensors.meanReward!, tensors.logVar!];
  return {
    observation,
    action,
    meanObservation,
    meanReward,
    logVar,
    sampleObservation: tf.mul(0.5, observation),
    sampleReward: tf.mean(observation, -1, true),
    elites: tf.tensor1d([0, 2, 3], "int32"),
    noise: unscoped("noise", tensors),
    policy: (at) => tf.tanh(tf.slice(at, [0, 0], [-1, SIZES.action])),
    critic: (at, act) => {
      const value = tf.add(tf.sum(tf.square(at), -1, true), tf.sum(act, -1, true));
      return tf.stack([value, tf.add(value, tf.sin(value))]);
    },
  };
}

function close(got: number, wanted: number, tolerance: number): void {
  assert.ok(Math.abs(got - wanted) <= tolerance * (1 + Math.abs(wanted)), `got ${got}, wanted ${wanted}`);
}

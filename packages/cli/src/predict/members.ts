import {
  type CompiledProgram,
  type Dimensions,
  type DynamicsModel,
  drawNoise,
  type Engine,
  float32,
  type HostTensors,
  scoped,
  stepModel,
  type TensorProgram,
  type TensorState,
  unscoped,
} from "@lowerbound/core";
import * as tf from "@tensorflow/tfjs";
import { type Forecast, type Forecaster, forecastOf, type OpenLoop } from "./forecast.js";

export interface FittedDynamics {
  /** Such as "ensemble". */
  readonly name: string;
  readonly engine: Engine;
  readonly dynamics: DynamicsModel;
  readonly tensors: HostTensors;
}

/**
 * A model that predicts a Gaussian a member, rolled out in four ways: particles that follow one elite each, drawn at the
 * start (TS-infinity of PETS, Chua et al. 2018, section 5.2), the mean of the elites' means at each step, and the first
 * elite alone, drawn and by its mean: a single-step Gaussian model.
 */
export function memberForecaster({ name, engine, dynamics, tensors }: FittedDynamics): Forecaster {
  return {
    passes: 1,
    predict: async (job) => {
      const ways = waysOf(name, job);
      const program = await engine.compile(membersProgram(dynamics, tensors, job, ways.length * job.count));
      try {
        await rollOutMembers(program, new Map(Object.entries(scoped("dynamics", tensors))), job, ways);
        return ways.map(({ forecast }) => forecast);
      } finally {
        await program.dispose();
      }
    },
  };
}

/** The members that a particle goes by, and whether it is a sample of theirs or their mean. */
interface Way {
  readonly forecast: Forecast;
  readonly members: (elites: ArrayLike<number>, episode: number) => readonly number[];
  readonly drawn: boolean;
}

function waysOf(name: string, job: OpenLoop): readonly Way[] {
  const lots = job.random.stream("elites").uniform(new Float32Array(job.count));
  const one = `one Gaussian of ${name}`;
  const first = (elites: ArrayLike<number>) => [elites[0]!];
  const lot = (elites: ArrayLike<number>, episode: number) => [elites[Math.floor(lots[episode]! * elites.length)]!];
  return [
    { forecast: forecastOf(job, name, "drawn"), members: lot, drawn: true },
    { forecast: forecastOf(job, name, "mean"), members: (elites) => Array.from(elites), drawn: false },
    { forecast: forecastOf(job, one, "drawn"), members: first, drawn: true },
    { forecast: forecastOf(job, one, "mean"), members: first, drawn: false },
  ];
}

function membersProgram(
  dynamics: DynamicsModel,
  tensors: HostTensors,
  sizes: Dimensions,
  batch: number,
): TensorProgram {
  return {
    name: "predict-members",
    state: scoped("dynamics", dynamics.parameters(tensors)),
    inputs: { observation: float32(batch, sizes.observation), action: float32(batch, sizes.action) },
    noise: scoped("dynamics", dynamics.stepNoise(sizes, batch, tensors)),
    fn: (given) => {
      const at = { observation: given.observation!, action: given.action! };
      const { prediction, elites } = stepModel(dynamics, at, unscoped("dynamics", given));
      const { meanObservation, logVar } = prediction!;
      const deviation = tf.exp(
        tf.mul(0.5, tf.slice(logVar, [0, 0, 0], meanObservation.shape as [number, number, number])),
      );
      return { mean: tf.clone(meanObservation), deviation, elites: tf.clone(elites!) };
    },
  };
}

async function rollOutMembers(
  program: CompiledProgram,
  state: TensorState,
  job: OpenLoop,
  ways: readonly Way[],
): Promise<void> {
  const { count, steps, observation: size } = job;
  const present = new Float32Array(ways.length * count * size);
  ways.forEach((_, way) => {
    present.set(job.starts, way * count * size);
  });
  const samples = job.random.stream("samples");
  for (let step = 0; step < steps; step++) {
    job.signal.throwIfAborted();
    const noise = drawNoise(job.random, program.program.noise);
    const inputs = { ...noise, observation: present, action: actionsOf(job, step, ways.length) };
    const { mean, deviation, elites } = await program.run(state, inputs);
    const normal = samples.normal(new Float32Array(present.length));
    const gaussians = { mean: mean!.data, deviation: deviation!.data, width: present.length };
    for (let row = 0; row < ways.length * count; row++) {
      const { members, drawn } = ways[Math.floor(row / count)]!;
      const chosen = members(elites!.data, row % count);
      for (let d = 0; d < size; d++) {
        const at = row * size + d;
        present[at] = nextOf(gaussians, chosen, at, drawn ? normal[at]! : 0);
      }
    }
    keep(ways, present, job, step);
    job.onStep();
  }
}

interface Gaussians {
  /** [members, width] */
  readonly mean: ArrayLike<number>;
  readonly deviation: ArrayLike<number>;
  readonly width: number;
}

/** Mean over some members, each moved by `normal` of its deviations. */
function nextOf({ mean, deviation, width }: Gaussians, members: readonly number[], at: number, normal: number): number {
  const sum = members.reduce((total, member) => {
    const place = member * width + at;
    return total + mean[place]! + normal * deviation[place]!;
  }, 0);
  return sum / members.length;
}

/** The actions of a step, for each way anew [ways, count, action]. */
export function actionsOf({ count, steps, action, actions }: OpenLoop, step: number, ways: number): Float32Array {
  const found = new Float32Array(ways * count * action);
  for (let row = 0; row < ways * count; row++) {
    const from = ((row % count) * steps + step) * action;
    found.set(actions.subarray(from, from + action), row * action);
  }
  return found;
}

function keep(ways: readonly Way[], present: Float32Array, job: OpenLoop, step: number): void {
  const { count, steps, observation: size } = job;
  ways.forEach(({ forecast }, way) => {
    for (let episode = 0; episode < count; episode++) {
      const from = (way * count + episode) * size;
      forecast.observations.set(present.subarray(from, from + size), (episode * steps + step) * size);
    }
  });
}

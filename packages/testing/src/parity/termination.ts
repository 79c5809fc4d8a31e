import type { CreateContext, Termination } from "@lowerbound/core";
import { hopperTermination, terminationFor } from "@lowerbound/environments";
import * as tf from "@tensorflow/tfjs";
import type { StoredTensor } from "../safetensors.js";
import { check, type Fixture, type FixtureCheck } from "./fixture.js";

const INPUT = /^in\.(.+)\.next_obs$/;
/** The rule that the normalised observations are judged by. */
const SCALED_RULE = "walker2d";

/** Termination rules on the observations of a golden file; normalised ones are put back to scale first. */
export async function terminationSubject(fixture: Fixture): Promise<readonly FixtureCheck[]> {
  const checks: FixtureCheck[] = [];
  for (const name of fixture.names("in.")) {
    const rule = INPUT.exec(name)?.[1];
    if (rule === undefined) continue;
    const scaled = rule === "scaled";
    const observations = scaled ? unscaled(fixture) : fixture.tensor(name);
    checks.push(check(fixture, `out.${rule}`, await judge(ruleOf(scaled ? SCALED_RULE : rule), observations)));
  }
  return checks;
}

/** The golden values are those of the public code, its misplaced absolute value in Hopper's rule included. */
function ruleOf(name: string): Termination {
  return name === "hopper" ? hopperTermination.create({ publicRule: true }, ALONE) : terminationFor(name);
}

async function judge(rule: Termination, { data, shape }: Pick<StoredTensor, "data" | "shape">): Promise<Int32Array> {
  await tf.setBackend("cpu");
  const [rows = 0, columns = 0] = shape;
  const nextObservation = tf.tensor2d(Float32Array.from(data), [rows, columns]);
  const action = tf.zeros([rows, 1]);
  const ends = rule.terminated({ observation: nextObservation, action, nextObservation });
  const flags = Int32Array.from(await ends.data());
  tf.dispose([nextObservation, action, ends]);
  return flags;
}

function unscaled(fixture: Fixture): Pick<StoredTensor, "data" | "shape"> {
  const { data, shape } = fixture.tensor("in.scaled.next_obs");
  const mean = fixture.tensor("in.scaled.mean").data;
  const std = fixture.tensor("in.scaled.std").data;
  const columns = shape[1] ?? 0;
  return { shape, data: Float64Array.from(data, (value, i) => value * std[i % columns]! + mean[i % columns]!) };
}

const ALONE: CreateContext = {
  inject: ({ name }) => {
    throw new Error(`there is no ${name} here`);
  },
  optional: () => undefined,
};

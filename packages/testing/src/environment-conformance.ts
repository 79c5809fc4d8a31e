import { type Environment, type EnvironmentFactory, Random } from "@lowerbound/core";
import type { ConformanceCase } from "./dataset-conformance.js";
import { expectEqual, expectInside, expectRefusal, expectThat, sameNumbers } from "./environment-conformance/expect.js";
import { drawAction, follow, playToEnd, STEPS, stopped, trace } from "./environment-conformance/play.js";

/**
 * What every implementation of `Environment` must do.
 *
 * `for (const { name, run } of environmentConformance(factory)) test(name, run)`
 */
export function environmentConformance(factory: EnvironmentFactory): readonly ConformanceCase[] {
  const each = (name: string, check: (environment: Environment) => void): ConformanceCase => ({
    name,
    run: async () => {
      const environment = await factory.create();
      try {
        check(environment);
      } finally {
        environment.close();
      }
    },
  });
  return [
    each("carries its factory's id", ({ id }) => expectThat(id === factory.id, `id is ${id}, not ${factory.id}`)),
    each("has well-formed spaces and a time limit", checkSpaces),
    each("gives observations inside its space and finite rewards", checkValues),
    each("begins the same for the same seed, otherwise for another", checkSeeds),
    each("repeats a whole episode from its seed", checkRepeats),
    each("refuses to step before reset and after the end", checkProtocol),
    each("truncates at the time limit, not before", checkTimeLimit),
    each("refuses actions that are not numbers or of another length", checkActions),
    each("refuses seeds that are not whole numbers", (environment) =>
      expectRefusal("seed 0.5", () => environment.reset(0.5)),
    ),
    each("hands out arrays of its own", checkOwnership),
    each("goes on from a snapshot as it would have gone on", checkSnapshot),
    { name: "keeps two environments apart", run: () => checkApart(factory) },
  ];
}

function checkSpaces({ observationSpace, actionSpace, timeLimit }: Environment): void {
  for (const { shape, low, high } of [observationSpace, actionSpace]) {
    expectThat(shape[0] > 0 && low.length === shape[0] && high.length === shape[0], "bounds do not fill the shape");
    expectThat(
      low.every((bound, i) => bound < high[i]!),
      "a lower bound is not below the upper one",
    );
  }
  expectThat(Number.isSafeInteger(timeLimit) && timeLimit > 0, `time limit is ${timeLimit}`);
}

function checkValues(environment: Environment): void {
  const random = Random.fromSeed(1);
  expectInside(environment.reset(1), environment.observationSpace);
  for (let t = 0; t < STEPS; t++) {
    const step = environment.step(drawAction(random, environment));
    expectInside(step.observation, environment.observationSpace);
    expectThat(Number.isFinite(step.reward), `reward is ${step.reward}`);
    if (step.terminated || step.truncated) environment.reset(t);
  }
}

function checkSeeds(environment: Environment): void {
  const first = environment.reset(7);
  const others = Array.from({ length: 20 }, (_, seed) => environment.reset(100 + seed));
  expectEqual(environment.reset(7), first, "the first observation of one seed");
  expectThat(
    others.some((other) => !sameNumbers(other, first)),
    "the seed changes nothing",
  );
}

function checkRepeats(environment: Environment): void {
  expectEqual(trace(environment, 3), trace(environment, 3), "an episode of one seed");
}

function checkProtocol(environment: Environment): void {
  const action = new Float32Array(environment.actionSpace.shape[0]);
  expectRefusal("a step before reset", () => environment.step(action));
  playToEnd(environment);
  expectRefusal("a step after the end", () => environment.step(action));
  environment.reset(0);
  environment.step(action);
}

function checkTimeLimit(environment: Environment): void {
  for (let seed = 0; seed < 3; seed++) {
    const { steps, terminated, truncated } = playToEnd(environment, seed);
    expectThat(truncated === (steps === environment.timeLimit), `truncated is ${truncated} after ${steps} steps`);
    expectThat(terminated || truncated, "the episode ended without a reason");
  }
}

function checkActions(environment: Environment): void {
  const size = environment.actionSpace.shape[0];
  environment.reset(0);
  for (const bad of [new Float32Array(size + 1), new Float32Array(size - 1)]) {
    expectRefusal(`an action of ${bad.length} entries`, () => environment.step(bad));
  }
  for (const value of [Number.NaN, Infinity]) {
    expectRefusal(`${value}`, () => environment.step(new Float32Array(size).fill(value)));
  }
  environment.step(new Float32Array(size));
}

function checkOwnership(environment: Environment): void {
  const random = Random.fromSeed(5);
  const first = environment.reset(5);
  const kept = first.slice();
  const second = environment.step(drawAction(random, environment)).observation;
  expectEqual(first, kept, "the first observation, after a step");
  const keptSecond = second.slice();
  environment.reset(6);
  expectEqual(second, keptSecond, "an observation, after reset");
}

function checkSnapshot(environment: Environment): void {
  if (environment.snapshot === undefined || environment.restore === undefined) return;
  const random = Random.fromSeed(9);
  const actions = Array.from({ length: 30 }, () => drawAction(random, environment));
  beginEpisode(environment, actions.slice(0, 2));
  const snapshot = environment.snapshot();
  const ahead = follow(environment, actions.slice(2));
  environment.reset(10);
  environment.restore(snapshot);
  expectEqual(follow(environment, actions.slice(2)), ahead, "what follows a snapshot");
}

/** Take the first steps of an episode that does not end in them. */
function beginEpisode(environment: Environment, actions: readonly Float32Array[]): void {
  for (let seed = 0; seed < 100; seed++) {
    environment.reset(seed);
    if (!actions.some((action) => stopped(environment.step(action)))) return;
  }
  throw new Error(`every episode ends within ${actions.length} steps`);
}

async function checkApart(factory: EnvironmentFactory): Promise<void> {
  const [one, other] = [await factory.create(), await factory.create()];
  try {
    const alone = trace(one, 11);
    other.reset(12);
    const random = Random.fromSeed(11);
    let observation = one.reset(11);
    const beside = [...observation];
    for (let t = 0; t < STEPS; t++) {
      const step = one.step(drawAction(random, one));
      observation = step.observation;
      beside.push(...observation, step.reward);
      if (stopped(step)) break;
      if (stopped(other.step(new Float32Array(other.actionSpace.shape[0]).fill(0.1)))) other.reset(t);
    }
    expectEqual(beside, alone, "an episode beside another environment");
  } finally {
    one.close();
    other.close();
  }
}

import { type Environment, Random } from "@lowerbound/core";

/** Steps of an episode that is compared with itself. */
export const STEPS = 40;

/** First observation, then observation and reward of each step. */
export function trace(environment: Environment, seed: number): number[] {
  const random = Random.fromSeed(seed);
  const numbers = [...environment.reset(seed)];
  for (let t = 0; t < STEPS; t++) {
    const step = environment.step(drawAction(random, environment));
    numbers.push(...step.observation, step.reward);
    if (stopped(step)) break;
  }
  return numbers;
}

export function follow(environment: Environment, actions: readonly Float32Array[]): number[] {
  const numbers: number[] = [];
  for (const action of actions) {
    const step = environment.step(action);
    numbers.push(...step.observation, step.reward);
    if (stopped(step)) break;
  }
  return numbers;
}

export function playToEnd(
  environment: Environment,
  seed = 0,
): { steps: number; terminated: boolean; truncated: boolean } {
  const random = Random.fromSeed(seed);
  environment.reset(seed);
  for (let steps = 1; steps <= environment.timeLimit; steps++) {
    const { terminated, truncated } = environment.step(drawAction(random, environment));
    if (terminated || truncated) return { steps, terminated, truncated };
  }
  throw new Error(`the episode goes on after its time limit of ${environment.timeLimit} steps`);
}

export function stopped({ terminated, truncated }: { terminated: boolean; truncated: boolean }): boolean {
  return terminated || truncated;
}

export function drawAction(random: Random, { actionSpace: { shape, low, high } }: Environment): Float32Array {
  return random.uniform(new Float32Array(shape[0])).map((unit, i) => low[i]! + unit * (high[i]! - low[i]!));
}

import type { Environment, EnvironmentFactory, EnvironmentSnapshot, Policy } from "@lowerbound/core";
import { Random } from "@lowerbound/core";

const START = 2;
const STEPS = 6;

/** The line world as a simulator: x' = x + 0.5 a from x = 2, reward 1 - x'^2, 6 steps. */
export const lineEnvironment: EnvironmentFactory = { id: "line-world", create: async () => simulateLine() };

/** Its best return: three steps of a = -1 take the point to 0.5, a fourth to 0, where it stays. */
export const LINE_OPTIMUM = 1 - 1.5 ** 2 + (1 - 1) + (1 - 0.5 ** 2) + 3;

function simulateLine(): Environment {
  let [x, steps] = [START, 0];
  const observe = () => Float64Array.of(x, x / 2);
  const begin = (at: number) => {
    [x, steps] = [at, 0];
    return observe();
  };
  return {
    id: "line-world",
    observationSpace: {
      shape: [2],
      low: new Float64Array(2).fill(-Infinity),
      high: new Float64Array(2).fill(Infinity),
    },
    actionSpace: { shape: [1], low: Float64Array.of(-1), high: Float64Array.of(1) },
    timeLimit: STEPS,
    reset: () => begin(START),
    resetToObservation: (seen) => begin(seen[0] ?? 0),
    step: ([action = 0]) => {
      x += 0.5 * Math.min(Math.max(action, -1), 1);
      steps++;
      return { observation: observe(), reward: 1 - x * x, terminated: false, truncated: steps >= STEPS, info: {} };
    },
    snapshot: () => ({ environmentId: "line-world", state: { line: Float64Array.of(x, steps) } }),
    restore: ({ state }: EnvironmentSnapshot) => {
      [x, steps] = [state.line?.[0] ?? 0, state.line?.[1] ?? 0];
    },
    close: () => {},
  };
}

/** The return of a policy, and its actions. */
export async function playLine(policy: Policy, seed = 1): Promise<{ total: number; actions: readonly number[] }> {
  const environment = simulateLine();
  let observation = environment.reset(seed);
  let state = await policy.init(1, seed);
  const actions: number[] = [];
  let total = 0;
  for (let step = 0; step < STEPS; step++) {
    const seen = { rows: 1, columns: 2, data: Float32Array.from(observation) };
    const acted = await policy.act(seen, state, { deterministic: true });
    state = acted.state;
    actions.push(acted.actions.data[0]!);
    const stepped = environment.step(acted.actions.data);
    observation = stepped.observation;
    total += stepped.reward;
  }
  return { total, actions };
}

/** Mean return of actions drawn evenly from the box. */
export async function randomLineReturn(episodes = 200): Promise<number> {
  const random = Random.fromSeed(0);
  const even: Policy = {
    capabilities: { stochastic: true, logProbability: false },
    init: async () => undefined,
    act: async () => {
      const data = random.uniform(new Float32Array(1)).map((unit) => 2 * unit - 1);
      return { actions: { rows: 1, columns: 1, data }, state: undefined };
    },
    close: async () => {},
  };
  let sum = 0;
  for (let episode = 0; episode < episodes; episode++) sum += (await playLine(even)).total;
  return sum / episodes;
}

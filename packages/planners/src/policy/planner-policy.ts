import {
  ConfigError,
  type Matrix,
  type Plan,
  type Planner,
  type PlanningModel,
  type PlanningState,
  type Policy,
  Random,
} from "@lowerbound/core";
import { checkedPlan } from "./checked-plan.js";
import { historyOf, type LaneMemory, newMemory, remembered } from "./memory.js";
import { type Lane, openLanes } from "./seams.js";

export interface PlannerPolicyOptions {
  readonly planner: Planner;
  readonly model: PlanningModel;
  /** Actions of a plan that are carried out before the next plan is made. */
  readonly replanEvery: number;
  /** Of one decision; the best plan found by then counts. */
  readonly budgetMilliseconds?: number | undefined;
  /** Told of each plan that is made. */
  readonly onPlan?: (decision: Decision) => void;
}

/** A plan, and how it came about. */
export interface Decision {
  readonly plan: Plan;
  /** What it starts from. */
  readonly state: PlanningState;
  /** The environment's row that it is for. */
  readonly row: number;
  /** That all plans of the step took, and how many they were. */
  readonly milliseconds: number;
  readonly together: number;
}

export interface PlannerState {
  readonly seed: number;
  readonly step: number;
  readonly lanes: readonly LaneMemory[];
}

/**
 * The start of environments of these numbers.
 *
 * What is planned for one depends on the seed and its number, not on those beside it; random numbers of the model that
 * sequences are scored on are the seed's and the step's, the same for all.
 */
export const startLanes = (seed: number, lanes: readonly number[]): PlannerState => ({
  seed,
  step: 0,
  lanes: lanes.map(newMemory),
});

/** The state of some of the environments, by their rows: others take part no more. */
export const keepLanes = (state: PlannerState, rows: readonly number[]): PlannerState => ({
  ...state,
  lanes: rows.map((row) => state.lanes[row]!),
});

/**
 * A planner as a policy: it plans at each observation, for all environments of the batch side by side, starting from what
 * is left of each one's plan before.
 *
 * What the model has no memory for is given to it: the last observations and actions, with the rewards it expected,
 * since policies are not told of rewards. Randomness is the seed's, the row's and the step's, so `deterministic`
 * changes nothing. Closing the policy closes the model.
 */
export function plannerPolicy(options: PlannerPolicyOptions): Policy<PlannerState> {
  const { model, replanEvery } = options;
  return {
    capabilities: { stochastic: false, logProbability: false },
    init: async (batch, seed) => startLanes(seed, [...Array(batch).keys()]),
    act: async (observations, { seed, step, lanes }) => {
      check(observations, lanes, model);
      const states = lanes.map((memory, row) => stateOf(observations, row, memory, model));
      const due = lanes.flatMap((memory, row) => (isDue(memory, replanEvery) ? [row] : []));
      const random = Random.fromSeed(seed).stream(`step ${step}`);
      const plans = due.length === 0 ? [] : await planTogether(options, due, states, lanes, random);
      const next = await Promise.all(
        lanes.map((memory, row) => {
          const plan = plans[due.indexOf(row)];
          const current = plan === undefined ? memory : { ...memory, plan, elapsed: 0 };
          return remembered(current, states[row]!, model, laneOf(random, memory).stream("expected"));
        }),
      );
      return { actions: actionsOf(next, model), state: { seed, step: step + 1, lanes: next } };
    },
    keep: keepLanes,
    close: () => model.close(),
  };
}

const isDue = ({ plan, elapsed }: LaneMemory, replanEvery: number): boolean =>
  plan === undefined || elapsed >= Math.min(replanEvery, plan.actions.rows);

async function planTogether(
  { planner, model, budgetMilliseconds, onPlan }: PlannerPolicyOptions,
  rows: readonly number[],
  states: readonly PlanningState[],
  lanes: readonly LaneMemory[],
  random: Random,
): Promise<readonly Plan[]> {
  const started = performance.now();
  const opened = openLanes(
    planner,
    model,
    rows.map((row) => ({ state: states[row]!, random: laneOf(random, lanes[row]!).stream("continuations") })),
    random,
  );
  const plans = await Promise.all(
    rows.map(async (row, i) => {
      const lane: Lane = opened[i]!;
      const { plan, elapsed } = lanes[row]!;
      try {
        const found = await planner.plan({
          state: states[row]!,
          random: laneOf(random, lanes[row]!),
          ...(lane.sequences === undefined ? {} : { sequences: lane.sequences }),
          ...(lane.proposals === undefined ? {} : { proposals: lane.proposals }),
          ...(plan === undefined ? {} : { warmStart: { plan, elapsed } }),
          ...(budgetMilliseconds === undefined ? {} : { budgetMilliseconds }),
        });
        return checkedPlan(found, model);
      } finally {
        lane.leave();
      }
    }),
  );
  const milliseconds = performance.now() - started;
  plans.forEach((plan, i) => {
    onPlan?.({ plan, state: states[rows[i]!]!, row: rows[i]!, milliseconds, together: plans.length });
  });
  return plans;
}

const laneOf = (random: Random, { lane }: LaneMemory): Random => random.stream(`row ${lane}`);

function stateOf({ columns, data }: Matrix, row: number, memory: LaneMemory, model: PlanningModel): PlanningState {
  const history = historyOf(memory, model);
  const observation = data.slice(row * columns, (row + 1) * columns);
  return history === undefined ? { observation } : { observation, history };
}

function actionsOf(lanes: readonly LaneMemory[], { actionSize }: PlanningModel): Matrix {
  const data = new Float32Array(lanes.length * actionSize);
  lanes.forEach(({ steps }, row) => {
    data.set(steps.at(-1)?.action ?? [], row * actionSize);
  });
  return { rows: lanes.length, columns: actionSize, data };
}

/** @throws ConfigError for observations of another size than the model's, or of another batch than the state's */
function check({ rows, columns }: Matrix, lanes: readonly LaneMemory[], { observationSize }: PlanningModel): void {
  if (columns !== observationSize) {
    throw new ConfigError(`observations have ${columns} entries`, {
      where: "policy.act",
      expected: `${observationSize}, as the model was fitted to`,
    });
  }
  if (rows === lanes.length) return;
  throw new ConfigError(`${rows} observations for the state of ${lanes.length} environments`, { where: "policy.act" });
}

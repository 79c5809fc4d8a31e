import type { History, Matrix, Plan, PlanningModel, PlanningState, Random } from "@lowerbound/core";
import { join } from "../join.js";
import { expectedRewards } from "./expected-rewards.js";

/** A step that an environment has taken. */
interface TakenStep {
  readonly observation: Float32Array;
  readonly action: Float32Array;
  /** As the model expected it. */
  readonly reward: number;
}

/** What a planner keeps of one environment between steps. */
export interface LaneMemory {
  /** Number of the environment: with the seed and the step it decides what is drawn. */
  readonly lane: number;
  readonly plan: Plan | undefined;
  /** Actions of the plan carried out. */
  readonly elapsed: number;
  /** The last steps, oldest first: as many as the model reads, one at least once a step was taken. */
  readonly steps: readonly TakenStep[];
}

export const newMemory = (lane: number): LaneMemory => ({ lane, plan: undefined, elapsed: 0, steps: [] });

/** The memory after the plan's next action is carried out at an observation. */
export async function remembered(
  { lane, plan, elapsed, steps }: LaneMemory,
  state: PlanningState,
  model: PlanningModel,
  random: Random,
): Promise<LaneMemory> {
  const { columns, data } = plan!.actions;
  const action = data.slice(elapsed * columns, (elapsed + 1) * columns);
  const reward = model.contextLength === 0 ? 0 : await expectedReward(plan!, elapsed, state, action, model, random);
  const taken = [...steps, { observation: state.observation, action, reward }];
  return { lane, plan, elapsed: elapsed + 1, steps: taken.slice(-Math.max(model.contextLength, 1)) };
}

/** The plan's own expectation, or the model's where the planner did not tell. */
async function expectedReward(
  { rewards, pessimism }: Plan,
  elapsed: number,
  state: PlanningState,
  action: Float32Array,
  model: PlanningModel,
  random: Random,
): Promise<number> {
  const told = rewards?.[elapsed];
  if (told !== undefined && pessimism !== "penalty") return told;
  const [reward = 0] = await expectedRewards(model, state, { rows: 1, columns: action.length, data: action }, random);
  return reward;
}

/** The last steps as the model reads them; undefined at the start, and for a model without memory. */
export function historyOf({ steps }: LaneMemory, { contextLength, actionSize }: PlanningModel): History | undefined {
  const read = steps.slice(Math.max(steps.length - contextLength, 0));
  if (contextLength === 0 || read.length === 0) return undefined;
  const columns = read[0]!.observation.length;
  return {
    observations: matrixOf(
      read.map(({ observation }) => observation),
      columns,
    ),
    actions: matrixOf(
      read.map(({ action }) => action),
      actionSize,
    ),
    rewards: Float32Array.from(read, ({ reward }) => reward),
  };
}

const matrixOf = (rows: readonly Float32Array[], columns: number): Matrix => ({
  rows: rows.length,
  columns,
  data: join(rows),
});

import { finiteOrNull, type Random } from "@lowerbound/core";
import { type Decision, expectedRewards } from "@lowerbound/planners";
import type { Planning } from "./open-planning.js";
import { type KeptPlan, type PlannedEpisode, traceSchema } from "./plan-file.js";

type Plan = Omit<KeptPlan, "realised">;

/** What was expected of each step of an episode beside what came. */
export interface Journal {
  /** Of this step; without a decision an earlier plan is carried on. */
  decided(step: number, decision: Decision | undefined): Promise<void>;
  rewarded(realised: number): void;
  written(): Pick<PlannedEpisode, "steps" | "plans">;
}

/** Keeps an episode; the first plan from every so many steps on whole. */
export function openJournal(planning: Planning, every: number, random: Random): Journal {
  const [steps, plans]: [PlannedEpisode["steps"], Plan[]] = [[], []];
  let expected: readonly number[] = [];
  let due = 0;
  let timed: { readonly milliseconds?: number; readonly together?: number } = {};
  return {
    decided: async (step, decision) => {
      timed = {};
      if (decision === undefined) return;
      const { milliseconds, together } = decision;
      timed = { milliseconds, together };
      const whole = step >= due;
      if (whole) due = (Math.floor(step / every) + 1) * every;
      expected = await expectedOf(decision, planning, whole, random.stream(`step ${step}`));
      if (whole) plans.push(keptPlan(decision, step, expected));
    },
    rewarded: (realised) => {
      const [predicted = Number.NaN, ...rest] = expected;
      expected = rest;
      steps.push({ predicted: finiteOrNull(predicted), realised, ...timed });
    },
    written: () => {
      const rewards = steps.map(({ realised }) => realised);
      const cameOf = ({ step, predicted }: Plan) => rewards.slice(step, step + predicted.length);
      return { steps, plans: plans.map((plan) => ({ ...plan, realised: cameOf(plan) })) };
    },
  };
}

/** Expected rewards of the actions that will be carried out, or of the whole plan. */
function expectedOf(
  { plan, state }: Decision,
  { model, replanEvery }: Planning,
  whole: boolean,
  random: Random,
): Promise<readonly number[]> {
  const { rows, columns, data } = plan.actions;
  const count = whole ? rows : Math.min(rows, replanEvery);
  return expectedRewards(model, state, { rows: count, columns, data: data.subarray(0, count * columns) }, random);
}

function keptPlan({ plan, milliseconds }: Decision, step: number, predicted: readonly number[]): Plan {
  const { rows, columns, data } = plan.actions;
  const actions = Array.from({ length: rows }, (_, t) => [...data.subarray(t * columns, (t + 1) * columns)]);
  const trace = traceSchema.safeParse(plan.trace).data;
  return {
    step,
    score: plan.score,
    actions,
    predicted: predicted.map(finiteOrNull),
    milliseconds,
    ...plan.effort,
    ...(trace === undefined ? {} : { trace }),
  };
}

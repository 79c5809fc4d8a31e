import type { HostTensors, Planner, RunHandle } from "@lowerbound/core";

/** What a plan counts by. */
export interface PlanDiscount {
  readonly planner: Pick<Planner, "discount">;
  /** Of the model's scores of action sequences. */
  readonly scores: number;
}

/**
 * Note where plans count rewards by another discount than the values were learnt by that stand for what follows them.
 *
 * Not an error: the sum is one of two kinds, and may serve all the same. Models fitted without saying it are passed over.
 */
export function noteDiscounts({ discount }: HostTensors, { planner, scores }: PlanDiscount, run: RunHandle): void {
  const learnt = discount?.data[0];
  const used = planner.discount ?? scores;
  if (learnt === undefined || learnt === Math.fround(used)) return;
  const option = planner.discount === undefined ? "model.discount" : "planner.discount";
  run.note(
    `values were learnt with sequence.discount ${Number(learnt.toPrecision(6))}, and plans count rewards with ${option} ` +
      `${used}: what follows the horizon is a sum of another kind`,
  );
}

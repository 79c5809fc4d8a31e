import type { Plan, Proposal } from "@lowerbound/core";
import { join } from "../join.js";

/** Actions and rewards of a plan that follows these steps. */
export const planOfSteps = (steps: readonly Proposal[], actionSize: number): Pick<Plan, "actions" | "rewards"> => ({
  actions: { rows: steps.length, columns: actionSize, data: join(steps.map(({ action }) => action)) },
  rewards: Float32Array.from(steps, ({ reward }) => reward),
});

import { ConfigError, type Plan, type PlanningModel } from "@lowerbound/core";

/**
 * The plan, if its first action can be carried out: one of another width would be read as another action, or as none.
 *
 * @throws ConfigError for a plan of no steps, of actions of another width than the model's, or with an entry that is no
 * finite number
 */
export function checkedPlan(plan: Plan, { actionSize }: Pick<PlanningModel, "actionSize">): Plan {
  // A plug-in's planner may give anything: nobody has checked its types.
  const { rows = 0, columns = 0, data = new Float32Array() } = plan?.actions ?? {};
  const whole = rows > 0 && columns === actionSize && data.length === rows * columns;
  if (whole && data.every(Number.isFinite)) return plan;
  const given = whole ? "entries that are no finite numbers" : `${data.length} numbers for ${rows} x ${columns}`;
  throw new ConfigError(`the plan's actions have ${given}`, {
    where: "planner",
    expected: `{ rows, columns: ${actionSize}, data } of rows x ${actionSize} finite numbers, a row for each step and one at least`,
    remedy: "give such actions from `plan`, or throw a NumericalError where no candidate has a finite score",
  });
}

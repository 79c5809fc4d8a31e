import { Optimiser, type Transitions } from "@lowerbound/core";
import type { PenaltyLearner } from "@lowerbound/evaluation";
import { snapshotNames } from "@lowerbound/runs";
import { type OpenedRun, savedPolicies } from "./saved-run.js";

/** The run's last policy and critic as pure functions; undefined where its training keeps none. @throws FileError */
export async function learnerOfRun(
  { directory, pipeline }: OpenedRun,
  { observation, action }: Pick<Transitions, "observation" | "action">,
): Promise<PenaltyLearner | undefined> {
  if (!pipeline.has(Optimiser) || !(await snapshotNames(directory, "train")).includes("last")) return undefined;
  const tensors = (await savedPolicies(directory, "last"))[0]!.tensors;
  const { policy, critic } = pipeline.get(Optimiser);
  const dimensions = { observation, action };
  const kept = (part: { state(of: typeof dimensions): object }): boolean =>
    Object.keys(part.state(dimensions)).every((name) => name in tensors);
  if (!kept(policy)) return undefined;
  return { policy, tensors, ...(critic !== undefined && kept(critic) ? { critic } : {}) };
}

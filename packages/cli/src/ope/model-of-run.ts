import { CapabilityError, Dataset, DynamicsModel, Termination } from "@lowerbound/core";
import type { EvaluationModel } from "@lowerbound/evaluation";
import { readFitted } from "@lowerbound/runs";
import type { OpenedRun } from "./saved-run.js";

/** The fitted model of the first run that has one. @throws FileError for altered files */
export async function modelOfRuns(runs: readonly OpenedRun[]): Promise<EvaluationModel | undefined> {
  for (const run of runs) {
    const model = await modelOfRun(run);
    if (model !== undefined) return model;
  }
  return undefined;
}

async function modelOfRun({ directory, pipeline }: OpenedRun): Promise<EvaluationModel | undefined> {
  if (!pipeline.has(DynamicsModel)) return undefined;
  const fitted = await readFitted(directory, DynamicsModel.name);
  if (fitted === undefined) return undefined;
  const termination = pipeline.get(Termination);
  const { environmentId } = await pipeline.get(Dataset).info();
  return {
    dynamics: pipeline.get(DynamicsModel),
    tensors: fitted.tensors,
    termination: termination.for?.(environmentId) ?? termination,
  };
}

/** @throws CapabilityError if the run has no fitted model */
export async function requireModel(run: OpenedRun): Promise<EvaluationModel> {
  const model = await modelOfRun(run);
  if (model !== undefined) return model;
  throw new CapabilityError("the run has no fitted model of the dynamics", {
    where: run.directory,
    expected: "a run with a dynamics part whose fit is finished",
  });
}

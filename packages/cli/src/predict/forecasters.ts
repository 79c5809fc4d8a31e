import {
  CapabilityError,
  Dataset,
  DynamicsModel,
  Engine,
  FileError,
  type HostTensors,
  SequenceModel,
} from "@lowerbound/core";
import { readFitted } from "@lowerbound/runs";
import { type FittedModel, fittedModel } from "@lowerbound/trajectory-transformer";
import { z } from "zod";
import { Part } from "../calibrate/penalties.js";
import { checkSizes } from "../ope/log-of-task.js";
import type { OpenedRun } from "../ope/saved-run.js";
import type { Forecaster } from "./forecast.js";
import { dynamicsForecaster } from "./steps.js";
import { tokenForecaster } from "./tokens.js";

/** A run's model of trajectories and its model of the dynamics, those that it has. @throws CapabilityError for neither */
export async function forecastersOf(run: OpenedRun): Promise<readonly Forecaster[]> {
  const { directory, pipeline } = run;
  const engine = pipeline.get(Engine);
  const forecasters: Forecaster[] = [];
  if (pipeline.has(SequenceModel)) {
    const fitted = fittedModel(await tensorsOf(directory, SequenceModel.name), pipeline.get(SequenceModel));
    requireEveryStep(run);
    requireNoGoals(fitted, directory);
    checkSizes(fitted.sizes, await pipeline.get(Dataset).info(), directory, "fit the run again on its present data");
    forecasters.push(tokenForecaster(typeOf(run, SequenceModel.name), engine, fitted));
  }
  if (pipeline.has(DynamicsModel)) {
    const tensors = await tensorsOf(directory, DynamicsModel.name);
    const dynamics = pipeline.get(DynamicsModel);
    forecasters.push(dynamicsForecaster({ name: typeOf(run, DynamicsModel.name), engine, dynamics, tensors }));
  }
  if (forecasters.length > 0) return forecasters;
  throw new CapabilityError("the run has no model that predicts", {
    where: directory,
    expected: "a run with a `sequence` or a `dynamics` part",
    remedy: "train with one: lowerbound train --dynamics ensemble, or --sequence trajectory-transformer",
  });
}

const Windows = z.looseObject({ step: z.number().optional() });

/** @throws CapabilityError for a model of every so many steps, between which its actions are not seen */
function requireEveryStep({ directory, pipeline }: OpenedRun): void {
  const { step = 1 } = Windows.parse(pipeline.config.parts[SequenceModel.name]);
  if (step === 1) return;
  throw new CapabilityError(`the model of trajectories looks at one step in ${step} alone`, {
    where: directory,
    expected: "a run with sequence.step 1, whose model sees every action",
  });
}

/** @throws CapabilityError for a model that goes on from a goal: a prediction has none to give */
function requireNoGoals({ goals }: FittedModel, directory: string): void {
  if (!goals) return;
  throw new CapabilityError("the model of trajectories was trained with goals, and a prediction has none to give", {
    where: directory,
    expected: "a run whose model was trained without: sequence.goal left out",
  });
}

async function tensorsOf(directory: string, kind: string): Promise<HostTensors> {
  const fitted = await readFitted(directory, kind);
  if (fitted !== undefined) return fitted.tensors;
  throw new FileError(`the run has no fitted ${kind}`, {
    where: directory,
    expected: `a run with a ${kind} part whose fit is finished`,
    remedy: `go on with it: lowerbound train --resume ${directory}`,
  });
}

/** A model of the dynamics of the same type as the model of trajectories is told apart from it. */
function typeOf({ pipeline }: OpenedRun, kind: string): string {
  const { parts } = pipeline.config;
  const { type } = Part.parse(parts[kind]);
  const rival = Part.optional().parse(parts[SequenceModel.name])?.type;
  return kind === DynamicsModel.name && type === rival ? `${type}, one step of context` : type;
}

import { ConfigError } from "@lowerbound/core";
import { antModel } from "./ant.js";
import { halfCheetahModel } from "./half-cheetah.js";
import { hopperModel } from "./hopper.js";
import { invertedPendulumModel } from "./inverted-pendulum.js";
import { reacherModel } from "./reacher.js";
import { swimmerModel } from "./swimmer.js";
import { walker2dModel } from "./walker2d.js";

const MODELS: Readonly<Record<string, string>> = {
  "Ant-v5": antModel,
  "HalfCheetah-v5": halfCheetahModel,
  "Hopper-v5": hopperModel,
  "InvertedPendulum-v5": invertedPendulumModel,
  "Reacher-v5": reacherModel,
  "Swimmer-v5": swimmerModel,
  "Walker2d-v5": walker2dModel,
};

/** MJCF of a task. @throws ConfigError for an id without a model */
export function modelOf(id: string): string {
  const xml = MODELS[id];
  if (xml !== undefined) return xml;
  throw new ConfigError(`no model is called "${id}"`, { expected: `one of ${Object.keys(MODELS).join(", ")}` });
}

import type { Tensor } from "@tensorflow/tfjs";
import * as tf from "@tensorflow/tfjs";
import type { DatasetInfo, Dimensions } from "../contracts/dataset.js";
import type { Engine } from "../contracts/engine.js";
import { float32, type TensorProgram } from "../contracts/tensors.js";
import { UncertaintyPenalty } from "../contracts/uncertainty-penalty.js";
import { ConfigError } from "../errors.js";
import { penaltyInputs } from "../programs/penalty-inputs.js";
import { uncertainty } from "../programs/uncertainty.js";
import type { Scope } from "../registry/container.js";

/** Rows, members and elites of a made-up step. */
const [ROWS, MEMBERS, ELITES] = [3, 7, 5];

/**
 * Trace the penalty, where a part took it, on a few made-up rows: a wrong shape shows now and not after the model's fit.
 * One that is fitted itself, or asks for the learner, is left to its training; so are other failures, which may be those
 * of made-up rows.
 *
 * @throws ConfigError for one that gives anything but one number a row
 */
export async function checkPenalty(scope: Scope, engine: Engine, info: DatasetInfo): Promise<void> {
  if (!scope.taken(UncertaintyPenalty)) return;
  const penalty = scope.inject(UncertaintyPenalty);
  if (penalty.fit !== undefined || (penalty.requests ?? []).length > 0) return;
  try {
    await (await engine.compile(penaltyProgram(penalty, info))).dispose();
  } catch (error) {
    if (error instanceof ConfigError && error.where?.split(".")[0] === UncertaintyPenalty.name) throw error;
  }
}

function penaltyProgram(penalty: UncertaintyPenalty, { observation, action }: Dimensions): TensorProgram {
  const ofMembers = (columns: number): Tensor => tf.zeros([MEMBERS, ROWS, columns]);
  return {
    name: UncertaintyPenalty.name,
    state: {},
    inputs: { observation: float32(ROWS, observation), action: float32(ROWS, action) },
    noise: penalty.noise?.(ROWS, { observation, action }) ?? {},
    fn: (tensors) => {
      const at = { observation: tensors.observation!, action: tensors.action! };
      const step = {
        nextObservation: at.observation,
        reward: tf.zeros([ROWS, 1]),
        carry: {},
        prediction: {
          meanObservation: ofMembers(observation),
          meanReward: ofMembers(1),
          logVar: ofMembers(observation + 1),
        },
        elites: tf.range(0, ELITES, 1, "int32"),
      };
      return { u: uncertainty(penalty, penaltyInputs(at, step, tensors), {}) };
    },
  };
}

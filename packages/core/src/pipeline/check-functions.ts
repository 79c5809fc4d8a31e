import type { Tensor } from "@tensorflow/tfjs";
import * as tf from "@tensorflow/tfjs";
import type { DatasetInfo, Dimensions } from "../contracts/dataset.js";
import type { Engine } from "../contracts/engine.js";
import { float32, type Params, type TensorProgram } from "../contracts/tensors.js";
import { Termination } from "../contracts/termination.js";
import { UncertaintyPenalty } from "../contracts/uncertainty-penalty.js";
import { ConfigError } from "../errors.js";
import { penaltyInputs } from "../programs/penalty-inputs.js";
import { stepEnds } from "../programs/step-ends.js";
import { uncertainty } from "../programs/uncertainty.js";
import type { Scope } from "../registry/container.js";

/** Rows, members and elites of a made-up step. */
const [ROWS, MEMBERS, ELITES] = [3, 7, 5];

/**
 * Trace penalty and termination rule, where a part took them, on a few made-up rows: a wrong shape shows now and not
 * after the model's fit. A penalty that is fitted itself, or asks for the learner, is left to its training.
 *
 * @throws ConfigError for one that gives anything but one answer a row, and the rule's own for observations that it is
 * not for
 */
export async function checkFunctions(scope: Scope, engine: Engine, info: DatasetInfo): Promise<void> {
  const penalty = scope.taken(UncertaintyPenalty) ? scope.inject(UncertaintyPenalty) : undefined;
  if (penalty !== undefined && penalty.fit === undefined && (penalty.requests ?? []).length === 0) {
    await trace(engine, penaltyProgram(penalty, info));
  }
  const rule = scope.taken(Termination) ? scope.inject(Termination) : undefined;
  if (rule !== undefined) await trace(engine, ruleProgram(rule.for?.(info.environmentId) ?? rule, info));
}

/** Other failures may be those of made-up rows, and come again where they are not. */
async function trace(engine: Engine, program: TensorProgram): Promise<void> {
  try {
    await (await engine.compile(program)).dispose();
  } catch (error) {
    if (error instanceof ConfigError && error.where?.split(".")[0] === program.name) throw error;
  }
}

const pairs = ({ observation, action }: Dimensions) => ({
  observation: float32(ROWS, observation),
  action: float32(ROWS, action),
});
const pairsOf = ({ observation, action }: Params) => ({ observation: observation!, action: action! });

function penaltyProgram(penalty: UncertaintyPenalty, { observation, action }: Dimensions): TensorProgram {
  const ofMembers = (columns: number): Tensor => tf.zeros([MEMBERS, ROWS, columns]);
  return {
    name: UncertaintyPenalty.name,
    state: {},
    inputs: pairs({ observation, action }),
    noise: penalty.noise?.(ROWS, { observation, action }) ?? {},
    fn: (tensors) => {
      const step = {
        nextObservation: tensors.observation!,
        reward: tf.zeros([ROWS, 1]),
        carry: {},
        prediction: {
          meanObservation: ofMembers(observation),
          meanReward: ofMembers(1),
          logVar: ofMembers(observation + 1),
        },
        elites: tf.range(0, ELITES, 1, "int32"),
      };
      return { u: uncertainty(penalty, penaltyInputs(pairsOf(tensors), step, tensors), {}) };
    },
  };
}

const ruleProgram = (rule: Termination, sizes: Dimensions): TensorProgram => ({
  name: Termination.name,
  state: {},
  inputs: pairs(sizes),
  noise: {},
  fn: (tensors) => {
    const at = pairsOf(tensors);
    return { ends: tf.cast(stepEnds(rule, at, { nextObservation: at.observation }), "float32") };
  },
});

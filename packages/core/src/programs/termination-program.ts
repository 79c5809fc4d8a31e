import * as tf from "@tensorflow/tfjs";
import type { Dimensions } from "../contracts/dataset.js";
import { float32, type TensorProgram } from "../contracts/tensors.js";
import type { Termination } from "../contracts/termination.js";
import { stepEnds } from "./step-ends.js";

/**
 * A termination rule alone: inputs `observation`, `nextObservation` [rows, observation], `action` [rows, action]; output
 * `ends` [rows], 1 where the rule ends an episode.
 */
export const terminationProgram = (
  rule: Termination,
  { observation, action }: Dimensions,
  rows: number,
): TensorProgram => ({
  name: "termination",
  state: {},
  inputs: {
    observation: float32(rows, observation),
    action: float32(rows, action),
    nextObservation: float32(rows, observation),
  },
  noise: {},
  fn: ({ observation: from, action: taken, nextObservation: to }) => ({
    ends: tf.cast(stepEnds(rule, { observation: from!, action: taken! }, { nextObservation: to! }), "float32"),
  }),
});

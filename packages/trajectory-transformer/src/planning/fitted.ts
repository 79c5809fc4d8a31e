import { CapabilityError, ConfigError, type HostTensors, hostFloat32, scoped, unscoped } from "@lowerbound/core";
import type { Discretiser } from "../discretise/discretiser.js";
import type { Architecture } from "../model/architecture.js";
import { type TransitionSizes, tokensOf } from "./tokens.js";

/** A fitted model of trajectories: its network, its bins, and what its tokens stand for. */
export interface FittedModel {
  readonly architecture: Architecture;
  readonly weights: HostTensors;
  readonly discretiser: Discretiser;
  readonly sizes: TransitionSizes;
  /** A goal stood before each window that it was trained on, and has to stand before what it goes on from. */
  readonly goals: boolean;
}

/**
 * A fitted model as tensors that a run keeps: `gpt/` the network's, `thresholds` [transition, bins + 1], `sizes` int32
 * [heads, observation, action, 1 if it was trained with goals].
 *
 * Thresholds are kept as float32: round them before data are encoded, or a value on a threshold may change its bin.
 */
export const fittedTensors = ({ architecture, weights, discretiser, sizes, goals }: FittedModel): HostTensors => ({
  ...scoped("gpt", weights),
  thresholds: hostFloat32(Float32Array.from(discretiser.thresholds), discretiser.columns, discretiser.bins + 1),
  sizes: {
    dtype: "int32",
    shape: [4],
    data: Int32Array.of(architecture.heads, sizes.observation, sizes.action, goals ? 1 : 0),
  },
});

/** @throws ConfigError for a model that was fitted to other dimensions */
export function checkDimensions({ sizes }: FittedModel, { observation, action }: TransitionSizes): void {
  if (sizes.observation === observation && sizes.action === action) return;
  throw new ConfigError(`the model of trajectories was fitted to ${sizes.observation} and ${sizes.action} entries`, {
    where: "sequence",
    expected: `${observation} observation and ${action} action entries`,
  });
}

/** The inverse of {@link fittedTensors}. @throws CapabilityError for tensors of another kind of model */
export function fittedModel(tensors: HostTensors): FittedModel {
  const weights = unscoped("gpt", tensors);
  const { thresholds, sizes } = tensors;
  const { heads, positions } = weights;
  if (thresholds === undefined || sizes === undefined || heads === undefined || positions === undefined) {
    throw new CapabilityError("the fitted model of trajectories has other tensors", {
      where: "sequence",
      expected: 'the type "trajectory-transformer"',
    });
  }
  const [columns = 0, edges = 0] = thresholds.shape;
  const [attentionHeads = 0, observation = 0, action = 0, goals = 0] = sizes.data;
  const [transition = 0, vocabulary = 0, embedding = 0] = heads.shape;
  const bins = edges - 1;
  if (tokensOf({ observation, action }) !== transition || columns !== transition) {
    throw new CapabilityError(`transitions have ${transition} tokens, and bins for ${columns}`, { where: "sequence" });
  }
  const layers = Object.keys(weights).filter((name) => name.endsWith("/up/weight")).length;
  const terminates = vocabulary === bins + 1;
  const length = positions.shape[0]!;
  return {
    architecture: { layers, heads: attentionHeads, embedding, transition, bins, terminates, positions: length },
    weights,
    discretiser: { bins, columns, thresholds: thresholds.data },
    sizes: { observation, action },
    goals: goals === 1,
  };
}

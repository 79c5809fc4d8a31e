import { CapabilityError, ConfigError, type HostTensors, hostFloat32, scoped, unscoped } from "@lowerbound/core";
import type { Discretiser } from "../discretise/discretiser.js";
import type { Architecture } from "../model/architecture.js";
import { isLstm, type NetworkShape } from "../model/networks.js";
import { type TransitionSizes, tokensOf } from "./tokens.js";

/** A fitted model of trajectories: its network, its bins, and what its tokens stand for. */
export interface FittedModel {
  readonly architecture: NetworkShape;
  readonly weights: HostTensors;
  readonly discretiser: Discretiser;
  readonly sizes: TransitionSizes;
  /** A goal stood before each window that it was trained on, and has to stand before what it goes on from. */
  readonly goals: boolean;
}

/**
 * A fitted model as tensors that a run keeps: `gpt/` or `lstm/` the network's, `thresholds` [transition, bins + 1], `sizes`
 * int32 [heads, observation, action, 1 if it was trained with goals]; for heads an LSTM has its longest context, in tokens.
 *
 * Thresholds are kept as float32: round them before data are encoded, or a value on a threshold may change its bin.
 */
export const fittedTensors = ({ architecture, weights, discretiser, sizes, goals }: FittedModel): HostTensors => ({
  ...scoped(isLstm(architecture) ? "lstm" : "gpt", weights),
  thresholds: hostFloat32(Float32Array.from(discretiser.thresholds), discretiser.columns, discretiser.bins + 1),
  sizes: {
    dtype: "int32",
    shape: [4],
    data: Int32Array.of(
      isLstm(architecture) ? architecture.positions : architecture.heads,
      sizes.observation,
      sizes.action,
      goals ? 1 : 0,
    ),
  },
});

/** The Transformer's sizes. @throws CapabilityError for an LSTM, naming what cannot use it */
export function transformerOf({ architecture }: Pick<FittedModel, "architecture">, user: string): Architecture {
  if (!isLstm(architecture)) return architecture;
  throw new CapabilityError(`${user} cannot read an LSTM`, {
    where: "sequence",
    expected: 'the type "trajectory-transformer"',
  });
}

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
  const { thresholds, sizes } = tensors;
  if (thresholds === undefined || sizes === undefined) throw otherTensors();
  const [columns = 0, edges = 0] = thresholds.shape;
  const [first = 0, observation = 0, action = 0, goals = 0] = sizes.data;
  const { architecture, weights } = networkIn(tensors, { bins: edges - 1, first });
  const { transition } = architecture;
  if (tokensOf({ observation, action }) !== transition || columns !== transition) {
    throw new CapabilityError(`transitions have ${transition} tokens, and bins for ${columns}`, { where: "sequence" });
  }
  return {
    architecture,
    weights,
    discretiser: { bins: architecture.bins, columns, thresholds: thresholds.data },
    sizes: { observation, action },
    goals: goals === 1,
  };
}

const otherTensors = (): CapabilityError =>
  new CapabilityError("the fitted model of trajectories has other tensors", {
    where: "sequence",
    expected: 'the type "trajectory-transformer" or "lstm"',
  });

/** The network of a fitted model; `first` is the first of its sizes. */
function networkIn(
  tensors: HostTensors,
  { bins, first }: { readonly bins: number; readonly first: number },
): Pick<FittedModel, "architecture" | "weights"> {
  const [gpt, lstm] = [unscoped("gpt", tensors), unscoped("lstm", tensors)];
  const weights = gpt.heads === undefined ? lstm : gpt;
  const [transition = 0, vocabulary = 0, embedding = 0] = weights.heads?.shape ?? [];
  const count = (end: string) => Object.keys(weights).filter((name) => name.endsWith(end)).length;
  const tokens = { transition, bins, terminates: vocabulary === bins + 1 };
  if (weights === gpt && gpt.positions !== undefined) {
    const positions = gpt.positions.shape[0]!;
    return { architecture: { layers: count("/up/weight"), heads: first, embedding, ...tokens, positions }, weights };
  }
  if (weights === gpt || lstm.heads === undefined) throw otherTensors();
  const sizes = { layers: count("/recurrent"), embedding, positions: first };
  return { architecture: { network: "lstm", ...sizes, ...tokens }, weights };
}

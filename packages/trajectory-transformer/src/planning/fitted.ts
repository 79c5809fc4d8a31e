import {
  CapabilityError,
  ConfigError,
  type HostTensors,
  hostFloat32,
  type SequenceModel,
  scoped,
  unscoped,
} from "@lowerbound/core";
import type { Discretiser } from "../discretise/discretiser.js";
import type { Architecture, TokenShape } from "../model/architecture.js";
import { type AnyNetwork, isLstm, isOwn, type NetworkShape } from "../model/networks.js";
import { type TransitionSizes, tokensOf } from "./tokens.js";

/** What the tokens of a model of trajectories stand for. */
export interface TokenMeaning {
  readonly discretiser: Discretiser;
  readonly sizes: TransitionSizes;
  /** A goal stood before each window that it was trained on, and has to stand before what it goes on from. */
  readonly goals: boolean;
  /** Every how many steps of an episode it takes a transition; each if left out. */
  readonly stride?: number | undefined;
  /** Of rewards in the returns-to-go that it was trained on, in float32; not known if left out. */
  readonly discount?: number | undefined;
}

/** A fitted model of trajectories: its network, its bins, and what its tokens stand for. */
export interface FittedModel<Network extends TokenShape = AnyNetwork> extends TokenMeaning {
  readonly architecture: Network;
  readonly weights: HostTensors;
}

/**
 * What a sequence model's `fit` leaves behind beside tensors of its own, whose names then begin with neither `gpt/` nor
 * `lstm/`: `thresholds` [transition, bins + 1], `sizes` int32 [longest context in tokens, observation, action, 1 if it was
 * trained with goals], where it does not take every step `stride` int32 [1], and `discount` [1] where that is known.
 *
 * Thresholds are kept as float32: round them before data are encoded, or a value on a threshold may change its bin.
 */
export const tokenTensors = (
  { discretiser, sizes, goals, stride = 1, discount }: TokenMeaning,
  contextLength: number,
): HostTensors => ({
  thresholds: hostFloat32(Float32Array.from(discretiser.thresholds), discretiser.columns, discretiser.bins + 1),
  sizes: {
    dtype: "int32",
    shape: [4],
    data: Int32Array.of(contextLength, sizes.observation, sizes.action, goals ? 1 : 0),
  },
  ...(stride === 1 ? {} : { stride: { dtype: "int32", shape: [1], data: Int32Array.of(stride) } }),
  ...(discount === undefined ? {} : { discount: hostFloat32(Float32Array.of(discount), 1) }),
});

/**
 * A fitted model as tensors that a run keeps: `gpt/` or `lstm/` the network's, or those of another model as they are, and
 * {@link tokenTensors}; of a Transformer, `sizes` begins with its heads instead.
 */
export function fittedTensors(fitted: FittedModel): HostTensors {
  const { architecture, weights } = fitted;
  if (isOwn(architecture)) return { ...weights, ...tokenTensors(fitted, architecture.positions) };
  if (isLstm(architecture)) return { ...scoped("lstm", weights), ...tokenTensors(fitted, architecture.positions) };
  return { ...scoped("gpt", weights), ...tokenTensors(fitted, architecture.heads) };
}

/** The Transformer's sizes. @throws CapabilityError for another network, naming what cannot use it */
export function transformerOf({ architecture }: Pick<FittedModel, "architecture">, user: string): Architecture {
  if (!("network" in architecture)) return architecture;
  throw new CapabilityError(`${user} cannot read ${isLstm(architecture) ? "an LSTM" : "another network"}`, {
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

/** What is asked of a sequence model to read its fitted tensors. */
export type OwnSequence = Pick<SequenceModel, "vocabulary" | "contextLength" | "parameters" | "logits">;

/**
 * The inverse of {@link fittedTensors}; tensors of a network that is not known here are read by `own`'s logits.
 *
 * @throws CapabilityError for tensors that do not say what tokens stand for, or of an unknown network without `own`
 */
export function fittedModel(tensors: HostTensors, own?: OwnSequence): FittedModel {
  const { thresholds, sizes, stride, discount } = tensors;
  if (thresholds === undefined || sizes === undefined) throw otherTensors();
  const [columns = 0, edges = 0] = thresholds.shape;
  const [first = 0, observation = 0, action = 0, goals = 0] = sizes.data;
  const found =
    networkIn(tensors, { bins: edges - 1, first }) ??
    ownNetwork(tensors, { bins: edges - 1, transition: columns }, own);
  const { transition } = found.architecture;
  if (tokensOf({ observation, action }) !== transition || columns !== transition) {
    throw new CapabilityError(`transitions have ${transition} tokens, and bins for ${columns}`, { where: "sequence" });
  }
  return {
    ...found,
    discretiser: { bins: found.architecture.bins, columns, thresholds: thresholds.data },
    sizes: { observation, action },
    goals: goals === 1,
    stride: stride?.data[0],
    discount: discount?.data[0],
  };
}

const otherTensors = (): CapabilityError =>
  new CapabilityError("the fitted model of trajectories has other tensors", {
    where: "sequence",
    expected: 'the type "trajectory-transformer" or "lstm", or a model that leaves `thresholds` and `sizes` behind',
  });

type Found<Network extends TokenShape> = Pick<FittedModel<Network>, "architecture" | "weights">;

/** The network of a fitted model that is known here; `first` is the first of its sizes. */
function networkIn(
  tensors: HostTensors,
  { bins, first }: { readonly bins: number; readonly first: number },
): Found<NetworkShape> | undefined {
  const [gpt, lstm] = [unscoped("gpt", tensors), unscoped("lstm", tensors)];
  const weights = gpt.heads === undefined ? lstm : gpt;
  const [transition = 0, vocabulary = 0, embedding = 0] = weights.heads?.shape ?? [];
  const count = (end: string) => Object.keys(weights).filter((name) => name.endsWith(end)).length;
  const tokens = { transition, bins, terminates: vocabulary === bins + 1 };
  if (weights === gpt && gpt.positions !== undefined) {
    const positions = gpt.positions.shape[0]!;
    return { architecture: { layers: count("/up/weight"), heads: first, embedding, ...tokens, positions }, weights };
  }
  if (weights === gpt || lstm.heads === undefined) return undefined;
  const sizes = { layers: count("/recurrent"), embedding, positions: first };
  return { architecture: { network: "lstm", ...sizes, ...tokens }, weights };
}

/** A network of which a model's logits are known. */
function ownNetwork(
  tensors: HostTensors,
  { bins, transition }: Pick<TokenShape, "bins" | "transition">,
  own: OwnSequence | undefined,
): Found<AnyNetwork> {
  if (own === undefined) {
    throw new CapabilityError("the network of the fitted model of trajectories is not known here", {
      where: "sequence",
      expected: 'the type "trajectory-transformer" or "lstm"',
    });
  }
  if (own.vocabulary !== bins + 1) {
    throw new CapabilityError(`the model has ${own.vocabulary} tokens, and thresholds of ${bins} bins`, {
      where: "sequence",
      expected: "as many tokens as thresholds: the bins, and the end of an episode",
    });
  }
  const parameters = own.parameters(tensors);
  const weights = Object.fromEntries(Object.keys(parameters).map((name) => [name, tensors[name]!]));
  const shape = { transition, bins, terminates: true, positions: own.contextLength(tensors) };
  return { architecture: { network: "own", ...shape, parameters, logits: own.logits }, weights };
}

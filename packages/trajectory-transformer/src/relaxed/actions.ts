import { centresOf, type Discretiser, encode } from "../discretise/discretiser.js";
import type { TransitionSizes } from "../planning/tokens.js";
import type { Relaxation } from "./relaxation.js";

/** Actions [..., action] as weights of bins, and how the weights change with the action: [..., action, vocabulary] each. */
export interface ActionWeights {
  readonly weights: Float32Array;
  readonly slopes: Float32Array;
}

export interface RelaxingActions {
  readonly discretiser: Discretiser;
  readonly sizes: TransitionSizes;
  /** Bins, and the token of the end where there is one. */
  readonly vocabulary: number;
  readonly relaxation: Relaxation;
}

/**
 * Actions [..., action] as weights of bins.
 *
 * Soft ones lie between the middles of two neighbouring bins, in parts that fall with their distance; beyond the outermost
 * middles the outermost bin has all, and there is no slope. Straight through, an action is the bin that it lies in, and its
 * slope is that of the line fitted through the bins nearby: a model learns each bin by itself, and next neighbours differ in
 * more than what the action does. Bins that no value lies in are passed over.
 * @throws DataError for an action that is not a number
 */
export function relaxActions(actions: Float32Array, relaxing: RelaxingActions): ActionWeights {
  const { discretiser, sizes, vocabulary, relaxation } = relaxing;
  const tokens = encode(discretiser, actions, { from: sizes.observation, count: sizes.action });
  const columns = Array.from({ length: sizes.action }, (_, a) => usedBins(discretiser, sizes.observation + a));
  const [weights, slopes] = [0, 0].map(() => new Float32Array(actions.length * vocabulary)) as [
    Float32Array,
    Float32Array,
  ];
  actions.forEach((action, i) => {
    const used = columns[i % sizes.action]!;
    const own = used.findIndex(({ bin }) => bin === tokens[i]);
    const row = { weights: rowOf(weights, i, vocabulary), slopes: rowOf(slopes, i, vocabulary) };
    if (relaxation === "soft") between(used, own, action, row);
    else straightThrough(used, own, row);
  });
  return { weights, slopes };
}

const rowOf = (rows: Float32Array, row: number, width: number): Float32Array =>
  rows.subarray(row * width, (row + 1) * width);

interface UsedBin {
  readonly bin: number;
  readonly middle: number;
}

/** Between the middles of two bins, the nearest below and the nearest above. */
function between(used: readonly UsedBin[], own: number, action: number, { weights, slopes }: ActionWeights): void {
  const above = Math.min(Math.max(action < used[own]!.middle ? own : own + 1, 1), used.length - 1);
  const [from, to] = [used[above - 1], used[above]];
  const width = from === undefined || to === undefined ? 0 : to.middle - from.middle;
  if (from === undefined || to === undefined || !(width > 0) || action < from.middle || action > to.middle) {
    weights[used[own]!.bin] = 1;
    return;
  }
  const share = (action - from.middle) / width;
  weights[from.bin] = 1 - share;
  weights[to.bin] = share;
  slopes[from.bin] = -1 / width;
  slopes[to.bin] = 1 / width;
}

/** Share of a column's bins, on each side of its own, that an action's slope is fitted through. */
const REACH = 0.1;

/** The slope of the least squares' line through the bins nearby: weights of what has these middles. */
function straightThrough(used: readonly UsedBin[], own: number, { weights, slopes }: ActionWeights): void {
  weights[used[own]!.bin] = 1;
  const reach = Math.max(Math.round(REACH * used.length), 1);
  const near = used.slice(Math.max(own - reach, 0), own + reach + 1);
  const mean = near.reduce((sum, { middle }) => sum + middle, 0) / near.length;
  const spread = near.reduce((sum, { middle }) => sum + (middle - mean) ** 2, 0);
  if (!(spread > 0)) return;
  for (const { bin, middle } of near) slopes[bin] = (middle - mean) / spread;
}

/** Bins of a column that values lie in, upwards: those with a width, and the outermost ones. */
function usedBins(discretiser: Discretiser, column: number): readonly UsedBin[] {
  const { bins, thresholds } = discretiser;
  const centres = centresOf(discretiser);
  const first = column * (bins + 1);
  return Array.from({ length: bins }, (_, bin) => ({ bin, middle: centres[column * bins + bin]! })).filter(
    ({ bin }) => bin === 0 || bin === bins - 1 || thresholds[first + bin]! < thresholds[first + bin + 1]!,
  );
}

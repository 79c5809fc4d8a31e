import { centresOf, type Discretiser, encode } from "../discretise/discretiser.js";
import type { TransitionSizes } from "../planning/tokens.js";
import type { Relaxation } from "./relaxation.js";

/**
 * Weights of tokens as lines through actions: one on `base`, and `offset * scale` of it moved from `lower` to `upper`.
 *
 * An entry an action's: its gradient is that of `offset`.
 */
export interface ActionWeights {
  readonly base: Int32Array;
  readonly lower: Int32Array;
  readonly upper: Int32Array;
  /** One over the distance of both bins' middles; 0 where nothing moves. */
  readonly scale: Float32Array;
  /** From the middle of `base`; 0 where tokens are hard, and the gradient alone is soft. */
  readonly offset: Float32Array;
}

/**
 * Actions [..., action] as weights of bins.
 *
 * Soft ones lie between the middles of two neighbouring bins, in parts that fall with their distance; beyond the outermost
 * middles the outermost bin has all, and there is no gradient. Straight through, an action is the bin that it lies in, and
 * its gradient is that of the line through the middle of its bin and the nearer neighbour's. Bins that no value lies in
 * are passed over.
 * @throws DataError for an action that is not a number
 */
export function relaxActions(
  discretiser: Discretiser,
  sizes: TransitionSizes,
  actions: Float32Array,
  relaxation: Relaxation,
): ActionWeights {
  const place = { from: sizes.observation, count: sizes.action };
  const base = encode(discretiser, actions, place);
  const columns = Array.from({ length: sizes.action }, (_, a) => usedBins(discretiser, place.from + a));
  const [lower, upper] = [base.slice(), base.slice()];
  const [scale, offset] = [new Float32Array(actions.length), new Float32Array(actions.length)];
  actions.forEach((action, i) => {
    const used = columns[i % sizes.action]!;
    const own = used.findIndex(({ bin }) => bin === base[i]);
    const above = Math.min(Math.max(action < used[own]!.middle ? own : own + 1, 1), used.length - 1);
    const [from, to] = [used[above - 1], used[above]];
    if (from === undefined || to === undefined || !(to.middle > from.middle)) return;
    lower[i] = from.bin;
    upper[i] = to.bin;
    scale[i] = 1 / (to.middle - from.middle);
    if (relaxation === "straight-through") return;
    const outside = action < from.middle || action > to.middle;
    base[i] = action > to.middle ? to.bin : from.bin;
    if (outside) scale[i] = 0;
    else offset[i] = action - from.middle;
  });
  return { base, lower, upper, scale, offset };
}

interface UsedBin {
  readonly bin: number;
  readonly middle: number;
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

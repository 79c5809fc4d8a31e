/** A round-ended bar of a drawn body, metres; `from` and `to` are alike for a ball. */
export interface Limb {
  readonly from: readonly [number, number];
  readonly to: readonly [number, number];
  readonly radius: number;
}

/** Draws the poses of one task in two dimensions. */
export interface Figure {
  /** Across is x; up is height from the side, y from the top. */
  readonly view: "side" | "top";
  /** Height of the ground, where the task has one to be drawn. */
  readonly ground: number | undefined;
  /** Bars of the pose at positions [nq], as a snapshot has them in `qpos`. @throws DataError for another number of them */
  limbs(qpos: ArrayLike<number>): readonly Limb[];
  close(): void;
}

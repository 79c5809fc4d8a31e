const SHARE = 1e-9;

/** What doubles that were rounded in another order may lie apart: 1e-9 of the largest of their sizes, or of 1. */
export const roundingOf = (...sizes: readonly number[]): number => SHARE * Math.max(1, ...sizes.map(Math.abs));

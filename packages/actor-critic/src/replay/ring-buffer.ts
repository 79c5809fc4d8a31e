import type { Dimensions } from "@lowerbound/core";
import { copyRows, emptyRows, type ReplayRows } from "./rows.js";

/** A buffer whose newest transitions overwrite its oldest. */
export interface RingBuffer {
  /** All slots; valid up to `size()`. */
  readonly rows: ReplayRows;
  /** Valid transitions. */
  size(): number;
  /** Next slot to be written. */
  pointer(): number;
  /** Add the first `count` rows of a block no longer than the buffer, at (pointer + row) modulo its length. */
  add(block: ReplayRows, count: number): void;
  /** Go on at a slot, with so many rows valid: for putting rows back where they were. */
  seek(pointer: number, size: number): void;
}

/** Arrays are sized once, for `capacity` rows. */
export function createRingBuffer(dimensions: Dimensions, capacity: number): RingBuffer {
  const rows = emptyRows(dimensions, capacity);
  let pointer = 0;
  let size = 0;
  return {
    rows,
    size: () => size,
    pointer: () => pointer,
    add: (block, count) => {
      const before = Math.min(count, capacity - pointer);
      copyRows(block, rows, { from: 0, to: pointer, count: before });
      if (count > before) copyRows(block, rows, { from: before, to: 0, count: count - before });
      pointer = (pointer + count) % capacity;
      size = Math.min(size + count, capacity);
    },
    seek: (to, valid) => {
      pointer = to;
      size = valid;
    },
  };
}

import type { Random } from "@lowerbound/core";

export interface Split {
  readonly trainRows: Int32Array;
  readonly holdoutRows: Int32Array;
}

/** Hold out min(ratio, maximum) rows at random. */
export function splitRows(random: Random, rows: number, ratio: number, maximum: number): Split {
  const order = random.permutation(rows);
  const holdout = Math.min(Math.floor(ratio * rows), maximum);
  return { holdoutRows: order.slice(0, holdout), trainRows: order.slice(holdout) };
}

/**
 * Rows of an epoch, [members, trainRows.length]: each member's own bootstrap sample, reshuffled every epoch.
 *
 * A function of the stream's key and the epoch alone, so that a resumed run needs nothing else.
 */
export function bootstrapRows(random: Random, members: number, trainRows: Int32Array): (epoch: number) => Int32Array {
  const count = trainRows.length;
  const drawn = random.stream("bootstrap").integers(new Int32Array(members * count), count);
  return (epoch) => {
    const rows = drawn.map((position) => trainRows[position]!);
    const shuffles = random.stream(`shuffle ${epoch}`);
    for (let member = 0; member < members; member++) {
      shuffles.shuffle(rows.subarray(member * count, (member + 1) * count));
    }
    return rows;
  };
}

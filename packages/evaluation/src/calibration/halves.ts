/**
 * Rows in two parts by their group, such as an episode: every other group in order of appearance belongs to the first.
 *
 * @returns true for rows of the first part; a group is never split
 */
export function firstHalf(group: ArrayLike<number>): readonly boolean[] {
  const numbers = new Map<number, number>();
  return Array.from(group, (each) => {
    const own = numbers.get(each) ?? numbers.size;
    numbers.set(each, own);
    return own % 2 === 0;
  });
}

/** Row numbers of each group, in order of appearance. */
export function rowsByGroup(group: ArrayLike<number>, rows: readonly number[]): readonly (readonly number[])[] {
  const found = new Map<number, number[]>();
  for (const row of rows) {
    const own = found.get(group[row]!) ?? [];
    own.push(row);
    found.set(group[row]!, own);
  }
  return [...found.values()];
}

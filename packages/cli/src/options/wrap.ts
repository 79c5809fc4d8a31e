/** Text in lines of at most so many characters, broken at spaces; a longer word has a line of its own. */
export function wrap(text: string, width: number): readonly string[] {
  const lines: string[] = [];
  for (const word of text.split(" ")) {
    const last = lines.at(-1);
    if (last !== undefined && last.length + 1 + word.length <= width) lines[lines.length - 1] = `${last} ${word}`;
    else lines.push(word);
  }
  return lines;
}

/** A table's row as rows of lines, the cells of each column at most as wide as its limit. */
export function wrapRow(cells: readonly string[], limits: readonly number[]): readonly (readonly string[])[] {
  const wrapped = cells.map((cell, column) => wrap(cell, limits[column] ?? cell.length));
  const height = Math.max(...wrapped.map((lines) => lines.length));
  return Array.from({ length: height }, (_, line) => wrapped.map((lines) => lines[line] ?? ""));
}

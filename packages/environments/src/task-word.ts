/**
 * The known word that a name of an environment or dataset has in it: words side by side, joined, before single ones.
 *
 * `inverted-pendulum-medium-v2` has `invertedpendulum` in it, not `pendulum`, which counts as a name's first word alone:
 * other pendulums are other tasks.
 */
export function taskWord(name: string, isKnown: (word: string) => boolean): string | undefined {
  const words = name.toLowerCase().split(/[^a-z0-9]+/);
  for (let length = words.length; length > 0; length--) {
    for (let start = 0; start + length <= words.length; start++) {
      const word = words.slice(start, start + length).join("");
      if (isKnown(word) && (word !== "pendulum" || start === 0)) return word;
    }
  }
  return undefined;
}

import type { ActionBox, Random } from "@lowerbound/core";

/** The middle of the box at each step [horizon, action]. */
export function middleSequence({ actionSize, low, high }: ActionBox, horizon: number): Float64Array {
  return Float64Array.from({ length: horizon * actionSize }, (_, i) => {
    const a = i % actionSize;
    return (low[a]! + high[a]!) / 2;
  });
}

/** Put each action of sequences [..., action] into the box, in place. */
export function clipActions(actions: Float32Array, { actionSize, low, high }: ActionBox): Float32Array {
  for (let i = 0; i < actions.length; i++) {
    const a = i % actionSize;
    actions[i] = Math.min(Math.max(actions[i]!, low[a]!), high[a]!);
  }
  return actions;
}

/** Actions [count, action] drawn evenly from the box. */
export function evenActions({ actionSize, low, high }: ActionBox, count: number, random: Random): Float32Array {
  const actions = random.uniform(new Float32Array(count * actionSize));
  for (let i = 0; i < actions.length; i++) {
    const a = i % actionSize;
    actions[i] = low[a]! + (high[a]! - low[a]!) * actions[i]!;
  }
  return actions;
}

/** Log-density of an action drawn evenly from the box, in nats. */
export const evenLogProbability = ({ low, high }: ActionBox): number =>
  -low.reduce((sum, bound, a) => sum + Math.log(high[a]! - bound), 0);

import type { Round } from "./rounds.js";

/** What a trajectory optimiser went through, for figures. */
export interface RoundsTrace {
  readonly kind: "rounds";
  /** Of each round's finite scores, absent where there were none; `lost` counts the others. */
  readonly rounds: readonly {
    readonly low?: number;
    readonly median?: number;
    readonly high?: number;
    readonly lost: number;
  }[];
  /** Sequences of the last round, best first, actions [horizon][action]. */
  readonly samples: readonly { readonly score: number; readonly actions: readonly (readonly number[])[] }[];
}

/** Sequences of the last round that are kept. */
const KEPT = 16;

/** Watches rounds, and tells of them in the end. */
export function watchRounds(actionSize: number): {
  readonly observe: (round: Round) => void;
  readonly trace: () => RoundsTrace;
} {
  const rounds: RoundsTrace["rounds"][number][] = [];
  let last: Round | undefined;
  return {
    observe: (round) => {
      rounds.push(spreadOf(round.scores));
      last = round;
    },
    trace: () => ({ kind: "rounds", rounds, samples: last === undefined ? [] : samplesOf(last, actionSize) }),
  };
}

function spreadOf(scores: Float32Array): RoundsTrace["rounds"][number] {
  const finite = scores.filter(Number.isFinite).sort();
  const lost = scores.length - finite.length;
  if (finite.length === 0) return { lost };
  return { low: finite[0]!, median: finite[Math.floor(finite.length / 2)]!, high: finite.at(-1)!, lost };
}

function samplesOf({ population, scores }: Round, actionSize: number): RoundsTrace["samples"] {
  const length = population.length / scores.length;
  const finite = Array.from(scores, (_, index) => index).filter((index) => Number.isFinite(scores[index]));
  const best = finite.sort((a, b) => scores[b]! - scores[a]!).slice(0, KEPT);
  return best.map((index) => {
    const sequence = [...population.subarray(index * length, (index + 1) * length)];
    const stepOf = (t: number) => sequence.slice(t * actionSize, (t + 1) * actionSize);
    return { score: scores[index]!, actions: Array.from({ length: length / actionSize }, (_, t) => stepOf(t)) };
  });
}

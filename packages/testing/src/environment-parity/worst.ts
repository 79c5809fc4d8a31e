import { excessOf } from "../excess.js";

/** Outcome of one comparison with golden numbers. */
export interface EnvironmentCheck {
  readonly name: string;
  readonly passed: boolean;
  /** Where and by how much the worst entry differs. */
  readonly detail: string;
}

/** Keeps the worst difference relative to what is allowed, over many comparisons. */
export interface Worst {
  compare(where: string, got: ArrayLike<number>, want: ArrayLike<number>, allowed: number): void;
  result(name: string): EnvironmentCheck;
}

export function trackWorst(): Worst {
  let passed = true;
  let compared = 0;
  let worstExcess = -1;
  let detail = "";
  return {
    compare(where, got, want, allowed) {
      compared += 1;
      const { excess, index } = largestExcess(got, want, allowed);
      if (excess > 1) passed = false;
      if (excess <= worstExcess) return;
      worstExcess = excess;
      const gap = Math.abs(got[index]! - want[index]!);
      detail = `${where}[${index}]: got ${got[index]}, want ${want[index]}, differ by ${gap}, allowed ${allowed}`;
    },
    result: (name) => ({ name, passed: passed && compared > 0, detail: compared > 0 ? detail : "nothing compared" }),
  };
}

function largestExcess(got: ArrayLike<number>, want: ArrayLike<number>, allowed: number) {
  if (got.length !== want.length) return { excess: Infinity, index: Math.min(got.length, want.length) };
  let excess = 0;
  let index = 0;
  for (let i = 0; i < want.length; i++) {
    const each = excessOf(got[i]!, want[i]!, allowed);
    if (each <= excess) continue;
    excess = each;
    index = i;
  }
  return { excess, index };
}

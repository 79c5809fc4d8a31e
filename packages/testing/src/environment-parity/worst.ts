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
      const { gap, index } = largestGap(got, want);
      const excess = excessOf(gap, allowed);
      if (excess > 1) passed = false;
      if (excess <= worstExcess) return;
      worstExcess = excess;
      detail = `${where}[${index}]: got ${got[index]}, want ${want[index]}, differ by ${gap}, allowed ${allowed}`;
    },
    result: (name) => ({ name, passed: passed && compared > 0, detail: compared > 0 ? detail : "nothing compared" }),
  };
}

function largestGap(got: ArrayLike<number>, want: ArrayLike<number>): { gap: number; index: number } {
  if (got.length !== want.length) return { gap: Infinity, index: Math.min(got.length, want.length) };
  let gap = 0;
  let index = 0;
  for (let i = 0; i < want.length; i++) {
    const difference = Object.is(got[i], want[i]) ? 0 : Math.abs(got[i]! - want[i]!);
    if (difference <= gap) continue;
    gap = Number.isNaN(difference) ? Infinity : difference;
    index = i;
  }
  return { gap, index };
}

function excessOf(gap: number, allowed: number): number {
  if (gap === 0) return 0;
  return allowed === 0 ? Infinity : gap / allowed;
}

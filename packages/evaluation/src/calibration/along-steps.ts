import { quantile } from "../statistics/quantile.js";
import { mean } from "../statistics/scores.js";

/** Rows of like step: the penalty there beside the true error. */
export interface StepBin {
  /** First and last step of the bin, from 1. */
  readonly from: number;
  readonly to: number;
  readonly rows: number;
  readonly meanPenalty: number;
  readonly meanError: number;
  /** Of the rows' errors; the mean may lie above both where few rows are far off. */
  readonly lowerQuartile: number;
  readonly upperQuartile: number;
}

/** u and error [rows], and the step of each row, from 0. */
export interface SteppedRows {
  readonly u: Float64Array;
  readonly error: Float64Array;
  readonly step: ArrayLike<number>;
}

/**
 * Penalty and error along rollouts, in at most `most` bins of equally many steps; bins without rows are left out.
 *
 * Ends before the first bin that is not finite: from there on a rollout has left what numbers can hold.
 */
export function alongSteps({ u, error, step }: SteppedRows, most: number): readonly StepBin[] {
  const steps = Array.from(step).reduce((last, each) => Math.max(last, each + 1), 0);
  const width = Math.ceil(steps / most);
  const rows = Array.from({ length: Math.ceil(steps / width) }, (): number[] => []);
  for (let row = 0; row < step.length; row++) rows[Math.floor(step[row]! / width)]!.push(row);
  const bins = rows.flatMap((own, bin) => {
    const [from, to] = [bin * width + 1, Math.min((bin + 1) * width, steps)];
    return own.length === 0 ? [] : [{ from, to, ...figuresOf(own, u, error) }];
  });
  const lost = bins.findIndex(({ meanPenalty, meanError }) => !Number.isFinite(meanPenalty + meanError));
  return lost < 0 ? bins : bins.slice(0, lost);
}

function figuresOf(rows: readonly number[], u: Float64Array, error: Float64Array): Omit<StepBin, "from" | "to"> {
  const errors = rows.map((row) => error[row]!);
  return {
    rows: rows.length,
    meanPenalty: mean(rows.map((row) => u[row]!)),
    meanError: mean(errors),
    lowerQuartile: quantile(errors, 0.25),
    upperQuartile: quantile(errors, 0.75),
  };
}

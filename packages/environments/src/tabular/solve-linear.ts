import { NumericalError } from "@lowerbound/core";

/** Solve `matrix x = right` by elimination with partial pivoting; matrix [n, n] and right [n] are overwritten. */
export function solveLinear(matrix: Float64Array, right: Float64Array): Float64Array {
  const n = right.length;
  for (let column = 0; column < n; column++) {
    swapRows(matrix, right, column, pivotRow(matrix, n, column));
    const pivot = matrix[column * n + column]!;
    if (pivot === 0) throw new NumericalError("the linear system is singular", { where: `column ${column}` });
    for (let row = column + 1; row < n; row++) {
      const factor = matrix[row * n + column]! / pivot;
      if (factor === 0) continue;
      for (let j = column; j < n; j++) matrix[row * n + j]! -= factor * matrix[column * n + j]!;
      right[row]! -= factor * right[column]!;
    }
  }
  for (let row = n - 1; row >= 0; row--) {
    for (let j = row + 1; j < n; j++) right[row]! -= matrix[row * n + j]! * right[j]!;
    right[row]! /= matrix[row * n + row]!;
  }
  return right;
}

function pivotRow(matrix: Float64Array, n: number, column: number): number {
  let best = column;
  for (let row = column + 1; row < n; row++) {
    if (Math.abs(matrix[row * n + column]!) > Math.abs(matrix[best * n + column]!)) best = row;
  }
  return best;
}

function swapRows(matrix: Float64Array, right: Float64Array, a: number, b: number): void {
  if (a === b) return;
  const n = right.length;
  const row = matrix.slice(a * n, (a + 1) * n);
  matrix.copyWithin(a * n, b * n, (b + 1) * n);
  matrix.set(row, b * n);
  [right[a], right[b]] = [right[b]!, right[a]!];
}

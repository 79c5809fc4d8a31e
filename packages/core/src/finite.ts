/** The number, or null for NaN and infinities: JSON has no other for them. */
export const finiteOrNull = (value: number): number | null => (Number.isFinite(value) ? value : null);

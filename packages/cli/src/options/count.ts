import { ConfigError } from "@lowerbound/core";

/** The number that a flag's text says. @throws ConfigError naming the flag */
export function countOf(text: string, flag: string): number {
  const value = Number(text);
  if (text.trim() !== "" && Number.isSafeInteger(value) && value >= 0) return value;
  throw new ConfigError(`"${text}" is no number for it`, { where: flag, expected: "a non-negative integer" });
}

/** The number above 0 that a flag's text says. @throws ConfigError naming the flag, and saying `refusal` of 0 */
export function positiveOf(text: string, flag: string, refusal = "0 is too few"): number {
  const value = countOf(text, flag);
  if (value > 0) return value;
  throw new ConfigError(refusal, { where: flag, expected: "a positive integer" });
}

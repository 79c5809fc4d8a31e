import { ConfigError } from "@lowerbound/core";

/** The file that a flag names. @throws ConfigError for what looks like the next flag */
export function fileOf(text: string, flag: string): string {
  if (!text.startsWith("-")) return text;
  throw new ConfigError(`"${text}" looks like a flag`, {
    where: flag,
    expected: "the name of a file; write ./ before one that begins with a dash",
  });
}

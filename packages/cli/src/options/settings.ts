import { ConfigError } from "@lowerbound/core";

/** One option as typed: `--horizon 20`, or `--set fqe.critics=2`. */
export interface Setting {
  /** The flag, as an error names it. */
  readonly where: string;
  /** The option's path, such as `fqe.critics`. */
  readonly path: string;
  readonly text: string;
}

/** The setting of a flag that stands for one option; nothing where the flag was not given. */
export const settingOf = (where: string, path: string, text: string | undefined): readonly Setting[] =>
  text === undefined ? [] : [{ where, path, text }];

/** The settings of `--set option=value`. @throws ConfigError for what is not of that form */
export const settingsOf = (texts: readonly string[], example: string): readonly Setting[] =>
  texts.map((text) => {
    const [, path, value] = /^([^=\s]+)=([\s\S]*)$/.exec(text) ?? [];
    if (path !== undefined && value !== undefined) return { where: `--set ${path}`, path, text: value };
    throw new ConfigError(`"${text}" sets nothing`, { where: "--set", expected: `OPTION=VALUE, such as ${example}` });
  });

/** What an error can say beside its sentence; every field is shown to the user. */
export interface ErrorDetails {
  /** Where it happened: a file and key, an option's path, a tensor's name. */
  readonly where?: string;
  /** What was expected there. */
  readonly expected?: string;
  /** What the user can do now. */
  readonly remedy?: string;
  readonly cause?: unknown;
}

/** Base of every error the library throws: what was wrong, where, what was expected, what to do. */
export class LowerboundError extends Error {
  readonly where: string | undefined;
  readonly expected: string | undefined;
  readonly remedy: string | undefined;

  constructor(what: string, details: ErrorDetails = {}) {
    super(compose(what, details), details.cause === undefined ? undefined : { cause: details.cause });
    this.name = new.target.name;
    this.where = details.where;
    this.expected = details.expected;
    this.remedy = details.remedy;
  }
}

/** A configuration, option or registration is wrong. */
export class ConfigError extends LowerboundError {}
/** A dataset or one of its values is wrong. */
export class DataError extends LowerboundError {}
/** A file or folder cannot be read, written or trusted. */
export class FileError extends LowerboundError {}
/** A part asks for what another part or this machine does not offer. */
export class CapabilityError extends LowerboundError {}
/** A number stopped being usable: NaN, infinite or exploding. */
export class NumericalError extends LowerboundError {}

function compose(what: string, { where, expected, remedy }: ErrorDetails): string {
  const head = where === undefined ? what : `${where}: ${what}`;
  const lines = [head];
  if (expected !== undefined) lines.push(`  expected: ${expected}`);
  if (remedy !== undefined) lines.push(`  remedy: ${remedy}`);
  return lines.join("\n");
}

import { LowerboundError } from "@lowerbound/core";
import { Interrupted } from "@lowerbound/runs";

/** Where commands write; tests give their own. */
export interface Output {
  out(text: string): void;
  err(text: string): void;
}

export const processOutput: Output = {
  out: (text) => void process.stdout.write(text),
  err: (text) => void process.stderr.write(text),
};

/** Print an error as one message and give the exit code that goes with it. */
export function reportError(error: unknown, output: Output, verbose: boolean): number {
  const stack = verbose && error instanceof Error ? `\n${error.stack ?? ""}\n` : "";
  if (error instanceof Interrupted) {
    output.err(`${error.message}\n${stack}`);
    return 130;
  }
  if (error instanceof LowerboundError) {
    output.err(`error: ${error.message}\n${stack}`);
    return 1;
  }
  const message = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
  output.err(`error: ${message}\n  remedy: this looks like a bug in lowerbound or in a plug-in; ${REPORT}\n${stack}`);
  return 1;
}

const REPORT = "run it again with --verbose and report what it prints";

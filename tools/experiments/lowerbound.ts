import { execFile, spawn } from "node:child_process";
import { promisify } from "node:util";

/** A command as a reader types it, files in the folder where they are. */
export const typed = (args: readonly string[]): string =>
  `npm run lowerbound -- ${args.map((each) => each.replace(/^\.\//, "")).join(" ")}`;

/** Run a command of `lowerbound`, its output shown; where it fails it has said why, and this process ends as it did. */
export async function lowerbound(args: readonly string[]): Promise<void> {
  const child = spawn("npm", ["run", "--silent", "lowerbound", "--", ...args], { stdio: "inherit" });
  const code = await new Promise<number | null>((resolve) => child.once("exit", resolve));
  if (code !== 0) process.exit(code ?? 1);
}

/** What a command of `lowerbound` prints. @throws Error if it fails */
export async function outputOf(args: readonly string[]): Promise<string> {
  return (await promisify(execFile)("npm", ["run", "--silent", "lowerbound", "--", ...args])).stdout;
}

/** Arguments that change how fast a run is, not what it computes. */
export const engineArguments = (threads: string): string[] => ["--engine", "auto", "--engine.threads", threads];

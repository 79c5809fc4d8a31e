import { type ChildProcess, spawn } from "node:child_process";
import { fileURLToPath } from "node:url";

export interface Ended {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly errors: string;
}

/** Start `fake-run` on sources; `whenOpen` is called once it has opened its run. */
export function startFakeRun(
  directory: string,
  steps: number,
  whenOpen: (child: ChildProcess) => void = () => {},
): Promise<Ended> {
  const program = fileURLToPath(new URL("fake-run.ts", import.meta.url));
  const flags = ["--conditions=@lowerbound/source", "--import", "tsx", program, directory, String(steps)];
  const child = spawn(process.execPath, flags, { stdio: ["ignore", "pipe", "pipe"] });
  let errors = "";
  child.stderr.on("data", (piece) => {
    errors += piece;
  });
  child.stdout.once("data", () => whenOpen(child));
  return new Promise((resolve, reject) => {
    child.once("error", reject);
    child.once("close", (code, signal) => resolve({ code, signal, errors }));
  });
}

import { spawn } from "node:child_process";

export interface RunOptions {
  readonly cwd: string;
  readonly env?: NodeJS.ProcessEnv;
  /** Milliseconds after which the command is killed. */
  readonly timeout?: number;
}

export interface RunResult {
  /** Exit code; 124 when the time ran out. */
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs a command without a terminal and collects what it says; never throws for a failing one. */
export function run(command: string, args: readonly string[], options: RunOptions): Promise<RunResult> {
  return new Promise((resolve, reject) => {
    const env = options.env ?? process.env;
    const child = spawn(command, args, { cwd: options.cwd, env, stdio: ["ignore", "pipe", "pipe"] });
    let timedOut = false;
    const kill = () => {
      timedOut = true;
      child.kill("SIGKILL");
    };
    const timer = options.timeout === undefined ? undefined : setTimeout(kill, options.timeout);
    const text = { stdout: "", stderr: "" };
    for (const name of ["stdout", "stderr"] as const) {
      // Decoded as a whole: a character may come in two pieces.
      child[name].setEncoding("utf8").on("data", (chunk: string) => {
        text[name] += chunk;
      });
    }
    child.on("error", reject);
    child.on("close", (code) => {
      clearTimeout(timer);
      resolve({ code: timedOut ? 124 : (code ?? 1), ...text });
    });
  });
}

/** The same, for a command that must succeed. */
export async function mustRun(command: string, args: readonly string[], options: RunOptions): Promise<string> {
  const { code, stdout, stderr } = await run(command, args, options);
  if (code === 0) return stdout;
  throw new Error(`${command} ${args.join(" ")} ended with ${code}\n${tail(stdout + stderr)}`);
}

/** The last lines of a text. */
export function tail(text: string, lines = 30): string {
  return text.trimEnd().split("\n").slice(-lines).join("\n");
}

/** The environment of a user's own shell: nothing that npm hands to the scripts of this repository, but the registry. */
export function userEnvironment(extra: NodeJS.ProcessEnv = {}): NodeJS.ProcessEnv {
  const kept = /^npm_config_(registry|cache|userconfig|proxy|https_proxy|noproxy|cafile)$/i;
  const entries = Object.entries(process.env).filter(([name]) => !/^npm_/i.test(name) || kept.test(name));
  return { ...Object.fromEntries(entries), INIT_CWD: undefined, NODE_OPTIONS: undefined, ...extra };
}

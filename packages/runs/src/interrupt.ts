import { LowerboundError } from "@lowerbound/core";

/** Work was stopped by the user; what was done is saved. */
export class Interrupted extends LowerboundError {}

export interface Interrupt {
  readonly signal: AbortSignal;
  /** Give Ctrl-C back its usual meaning. */
  restore(): void;
}

/**
 * Turn the first Ctrl-C (or SIGTERM) into an abort, so that a phase can save; the second ends the process at once.
 *
 * @param remedy how to go on, shown with the {@link Interrupted} that the signal carries.
 */
export function onInterrupt(remedy: string): Interrupt {
  const controller = new AbortController();
  const handle = () => {
    if (controller.signal.aborted) process.exit(130);
    process.stderr.write("\nstopping; press Ctrl-C again to stop at once\n");
    controller.abort(new Interrupted("stopped before the end", { remedy }));
  };
  process.on("SIGINT", handle);
  process.on("SIGTERM", handle);
  const restore = () => {
    process.off("SIGINT", handle);
    process.off("SIGTERM", handle);
  };
  return { signal: controller.signal, restore };
}

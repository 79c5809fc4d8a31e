import type { Random } from "../rng/random.js";
import type { Dataset } from "./dataset.js";
import type { Engine } from "./engine.js";
import type { RunHandle } from "./run.js";
import type { HostTensors } from "./tensors.js";

export type Json = string | number | boolean | null | readonly Json[] | { readonly [key: string]: Json };

/** What fitting left behind: tensors, and facts worth showing (losses, elites, epochs). */
export interface Fitted {
  readonly tensors: HostTensors;
  readonly facts: { readonly [key: string]: Json };
}

export interface FitContext {
  /** The episodes to learn from: all but those held out. */
  readonly dataset: Dataset;
  /** Episodes that no fit phase learns from; present where a part holds some out. */
  readonly heldOut?: Dataset;
  readonly engine: Engine;
  /** A stream of the part's own, derived from the run's seed. */
  readonly random: Random;
  readonly run: RunHandle;
  /** State of parts that this one required and that were fitted before it. */
  readonly fitted: (kindName: string) => Fitted;
  /** What parts that require this one ask of its fit, each once; nothing if left out. */
  readonly asked?: readonly string[];
}

/**
 * A part with a phase of its own before training.
 *
 * `fit` must save through `context.run.checkpoint` often enough to be resumed, and be a function of the dataset,
 * its configuration, what it is `asked` and the random stream alone: its result is shared between runs by content address.
 */
export interface Fittable {
  fit(context: FitContext): Promise<Fitted>;
  /** Share of episodes, in (0, 1), that no fit phase of the pipeline may learn from: this one measures on them. */
  readonly holdsOut?: number;
  /** What this part asks of the fits of parts that it requires, by their kind; those that know the word heed it. */
  readonly asks?: Readonly<Record<string, readonly string[]>>;
  /** Options that `fit` does not heed, such as an algorithm's `updates`: with more of them the fit is the same. */
  readonly mayGrow?: readonly string[];
}

export const isFittable = (part: unknown): part is Fittable =>
  typeof part === "object" && part !== null && "fit" in part && typeof part.fit === "function";

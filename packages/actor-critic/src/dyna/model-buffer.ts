import type { Dimensions, HostTensors } from "@lowerbound/core";
import { createRingBuffer, type RingBuffer } from "../replay/ring-buffer.js";

/** How a rollout is made again: when it was, with which policy, and where its transitions went. */
export interface RolloutRecipe {
  /** Updates done before it; names its random stream. */
  readonly update: number;
  /** The buffer's pointer and size before it. */
  readonly pointer: number;
  readonly size: number;
  readonly transitions: number;
  /** The policy's tensors at that time, copied. */
  readonly policy: HostTensors;
}

/**
 * The model's transitions, and the recipes of those rollouts of which some are left.
 *
 * Checkpoints hold the recipes: the transitions themselves are some 200 MB at published sizes, the policies 300 kB
 * each, and a rollout is a function of its policy and its stream.
 */
export interface ModelBuffer {
  readonly ring: RingBuffer;
  recipes(): readonly RolloutRecipe[];
  /** Note a rollout whose transitions were added, and forget those overwritten altogether, or dropped before it. */
  note(recipe: RolloutRecipe): void;
}

export function createModelBuffer(dimensions: Dimensions, capacity: number): ModelBuffer {
  const ring = createRingBuffer(dimensions, capacity);
  let recipes: RolloutRecipe[] = [];
  return {
    ring,
    recipes: () => recipes,
    note: (recipe) => {
      recipes = recipe.size === 0 ? [recipe] : retained([...recipes, recipe], capacity);
    },
  };
}

/** The newest recipes, as far back as the buffer's transitions reach. */
function retained(recipes: readonly RolloutRecipe[], capacity: number): RolloutRecipe[] {
  let newer = 0;
  let first = recipes.length;
  while (first > 0 && newer < capacity) newer += recipes[--first]!.transitions;
  return recipes.slice(first);
}

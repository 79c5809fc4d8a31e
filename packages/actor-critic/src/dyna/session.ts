import {
  type Checkpoint,
  type HostTensors,
  Random,
  randomStateSchema,
  scoped,
  type TensorState,
  unscoped,
} from "@lowerbound/core";
import { z } from "zod";
import { evaluationsSchema, noEvaluations } from "../training/evaluate.js";
import { emptyWindow, windowSchema } from "../training/figures.js";
import type { RolloutRecipe } from "./model-buffer.js";

const number = z.number();
const positionSchema = z.object({
  update: number,
  random: randomStateSchema,
  window: windowSchema,
  /** Means over the last rollout; null what was not finite. */
  rollout: z.record(z.string(), number.nullable()).readonly(),
  evaluations: evaluationsSchema,
});
const recipesSchema = z.array(z.object({ update: number, pointer: number, size: number, transitions: number }));

/** Everything but tensors that training goes on from. */
export type Position = z.output<typeof positionSchema>;

/** A training in progress. */
export interface Session {
  /** The optimiser's tensors. */
  readonly state: TensorState;
  readonly random: Random;
  position: Omit<Position, "random">;
}

export function freshSession(initial: HostTensors, random: Random): Session {
  return {
    state: new Map(Object.entries(initial)),
    random,
    position: { update: 0, window: emptyWindow, rollout: {}, evaluations: noEvaluations },
  };
}

/** A session as a checkpoint; the model's buffer goes in as recipes. */
export function toCheckpoint({ state, random, position }: Session, recipes: readonly RolloutRecipe[]): Checkpoint {
  const policies = recipes.map(({ policy }, index) => scoped(`recipe/${index}`, policy));
  return {
    step: position.update,
    tensors: { ...scoped("state", Object.fromEntries(state)), ...Object.assign({}, ...policies) },
    data: {
      ...position,
      random: { ...random.state() },
      recipes: recipes.map(({ update, pointer, size, transitions }) => ({ update, pointer, size, transitions })),
    },
  };
}

/** The inverse of {@link toCheckpoint}. @throws ZodError if the checkpoint is another trainer's. */
export function fromCheckpoint({ tensors, data }: Checkpoint): { session: Session; recipes: readonly RolloutRecipe[] } {
  const { random, ...position } = positionSchema.parse(data);
  const recipes = recipesSchema
    .parse(data.recipes)
    .map((recipe, index) => ({ ...recipe, policy: unscoped(`recipe/${index}`, tensors) }));
  const state = new Map(Object.entries(unscoped("state", tensors)));
  return { session: { state, random: Random.fromState(random), position }, recipes };
}

import {
  type Checkpoint,
  type HostTensors,
  Random,
  randomStateSchema,
  type TensorState,
  zeros,
} from "@lowerbound/core";
import { flattenHost } from "@lowerbound/nn";
import { z } from "zod";
import { type NetworkShape, networkOf } from "../model/networks.js";
import { updateState } from "./update.js";

const positionSchema = z.object({
  update: z.number(),
  /** Targets so far that are not the end of an episode: what the learning rate goes by. */
  tokens: z.number(),
  /** Mean loss when figures were last logged, and the sum of losses since then. */
  loss: z.number().nullable(),
  lossSum: z.number(),
  random: randomStateSchema,
});

/** A training in progress. */
export interface Session {
  readonly state: TensorState;
  readonly random: Random;
  position: Omit<z.output<typeof positionSchema>, "random">;
}

export function freshSession(architecture: NetworkShape, random: Random): Session {
  const { initialise, layouts } = networkOf(architecture);
  const parameters = initialise(random.stream("initialise"));
  const initial: HostTensors = {
    decayed: flattenHost(parameters, layouts.decayed),
    undecayed: flattenHost(parameters, layouts.undecayed),
  };
  const specs = Object.entries(updateState(architecture));
  const state: TensorState = new Map(specs.map(([name, spec]) => [name, initial[name] ?? zeros(spec)]));
  return { state, random: random.stream("updates"), position: { update: 0, tokens: 0, loss: null, lossSum: 0 } };
}

export const toCheckpoint = ({ state, random, position }: Session): Checkpoint => ({
  step: position.update,
  tensors: Object.fromEntries(state),
  data: { ...position, random: { ...random.state() } },
});

/** The inverse of {@link toCheckpoint}. @throws ZodError if the checkpoint is another trainer's */
export function fromCheckpoint({ tensors, data }: Checkpoint): Session {
  const { random, ...position } = positionSchema.parse(data);
  return { state: new Map(Object.entries(tensors)), random: Random.fromState(random), position };
}

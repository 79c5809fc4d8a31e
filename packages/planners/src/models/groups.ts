import { ConfigError, type SequenceGroup } from "@lowerbound/core";
import { join } from "../join.js";

/**
 * Groups put one after another: each sequence's start [population, observation], and all sequences.
 *
 * @throws ConfigError for an observation of another size, or an empty group
 */
export function joinGroups(groups: readonly SequenceGroup[], observationSize: number) {
  const population = groups.reduce((sum, group) => sum + group.population, 0);
  const observations = new Float32Array(population * observationSize);
  let row = 0;
  for (const { state, population: count } of groups) {
    checkObservation(state.observation, observationSize);
    if (count === 0) throw new ConfigError("there are no action sequences to score", { where: "plan.sequences" });
    for (let i = 0; i < count; i++) observations.set(state.observation, (row + i) * observationSize);
    row += count;
  }
  return { observations, sequences: join(groups.map(({ sequences }) => sequences)) };
}

/** @throws ConfigError for an observation of another size than the model's */
export function checkObservation({ length }: Float32Array, observationSize: number): void {
  if (length === observationSize) return;
  throw new ConfigError(`the observation has ${length} entries`, {
    where: "plan.state.observation",
    expected: `${observationSize}, as the model was fitted to`,
  });
}

/** Values of joined groups, `width` a sequence, taken apart again. */
export function splitByGroup(
  values: Float32Array,
  groups: readonly SequenceGroup[],
  width: number,
): readonly Float32Array[] {
  let at = 0;
  return groups.map(({ population }) => {
    const own = values.slice(at, at + population * width);
    at += population * width;
    return own;
  });
}

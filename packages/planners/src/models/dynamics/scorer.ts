import {
  drawNoise,
  type HostTensors,
  type SeamOptions,
  type SequenceGroup,
  type SequenceScorer,
  type TypedArray,
} from "@lowerbound/core";
import { blocksOf, paddedRows } from "../blocks.js";
import { joinGroups, splitByGroup } from "../groups.js";
import type { DynamicsHost } from "./host.js";
import { type SequenceProgramOptions, sequenceNoise, sequenceProgram } from "./sequence-program.js";
import { addLogProbability } from "./visited.js";

/** Scores of action sequences in a learnt model, a compiled rollout for each horizon; noise is drawn once. */
export function dynamicsScorer(host: DynamicsHost, { pessimism, random }: SeamOptions): SequenceScorer {
  const { parts } = host;
  const penalised = pessimism === "penalty";
  const likely = pessimism === "log-probability";
  const density = likely ? host.prior?.pure : undefined;
  const drawn = new Map<number, Record<string, TypedArray>>();
  const noiseOf = (horizon: number) => {
    const noise = drawn.get(horizon) ?? drawNoise(random.stream(`horizon ${horizon}`), sequenceNoise(parts, horizon));
    drawn.set(horizon, noise);
    return noise;
  };
  const overRows = (
    groups: readonly SequenceGroup[],
    horizon: number,
    outputs: SequenceProgramOptions["outputs"],
    take: (found: HostTensors, from: number, rows: { readonly actions: Float32Array }) => Promise<void> | void,
  ) =>
    host.serial(() => runBlocks(host, groups, { horizon, penalised, density, outputs, noise: noiseOf(horizon) }, take));
  const scorer: SequenceScorer = {
    pessimism,
    score: async (groups, horizon) => {
      const scores = new Float32Array(populationOf(groups));
      const visited = likely && density === undefined;
      await overRows(groups, horizon, visited ? "visited" : "score", async (found, from, { actions }) => {
        const block = Float32Array.from(found.score!.data);
        if (visited) await addLogProbability(block, found, actions, host);
        scores.set(block.subarray(0, scores.length - from), from);
      });
      return splitByGroup(scores, groups, 1);
    },
  };
  if (!parts.dynamics.capabilities.differentiable || (likely && density === undefined)) return scorer;
  return { ...scorer, gradient: (groups, horizon) => gradientsOf(groups, horizon, parts.dimensions.action, overRows) };
}

const populationOf = (groups: readonly SequenceGroup[]): number =>
  groups.reduce((sum, { population }) => sum + population, 0);

type OverRows = (
  groups: readonly SequenceGroup[],
  horizon: number,
  outputs: "gradient",
  take: (found: HostTensors, from: number) => void,
) => Promise<void>;

async function gradientsOf(groups: readonly SequenceGroup[], horizon: number, actionSize: number, overRows: OverRows) {
  const population = populationOf(groups);
  const length = horizon * actionSize;
  const scores = new Float32Array(population);
  const gradients = new Float32Array(population * length);
  await overRows(groups, horizon, "gradient", (found, from) => {
    scores.set(Float32Array.from(found.score!.data).subarray(0, population - from), from);
    const block = Float32Array.from(found.gradients!.data);
    gradients.set(block.subarray(0, (population - from) * length), from * length);
  });
  const byGroup = splitByGroup(gradients, groups, length);
  return splitByGroup(scores, groups, 1).map((each, i) => ({ scores: each, gradients: byGroup[i]! }));
}

interface Rollout extends Omit<SequenceProgramOptions, "rows"> {
  readonly noise: Record<string, TypedArray>;
}

async function runBlocks(
  host: DynamicsHost,
  groups: readonly SequenceGroup[],
  { noise, ...options }: Rollout,
  take: (found: HostTensors, from: number, rows: { readonly actions: Float32Array }) => Promise<void> | void,
): Promise<void> {
  const { observation, action } = host.parts.dimensions;
  const joined = joinGroups(groups, observation);
  const length = options.horizon * action;
  const { horizon, penalised, density, outputs } = options;
  let from = 0;
  for (const rows of blocksOf(populationOf(groups), host.rolloutRows / host.parts.particles)) {
    const make = () => sequenceProgram(host.parts, { ...options, rows });
    const program = await host.program(`${outputs} ${penalised} ${density !== undefined} ${rows} ${horizon}`, make);
    const actions = paddedRows(joined.sequences, length, from, rows);
    const inputs = { observation: paddedRows(joined.observations, observation, from, rows), actions };
    await take(await program.run(host.state, { ...noise, ...inputs }), from, { actions });
    from += rows;
  }
}

import {
  ConfigError,
  type Engine,
  type HostTensors,
  type Pessimism,
  type SequenceGradients,
  type SequenceGroup,
  type SequenceScoring,
  type Serial,
} from "@lowerbound/core";
import { openPrograms, sizeFor } from "../decode/programs.js";
import { embeddingRows } from "../decode/tokens.js";
import { vocabularyOf } from "../model/architecture.js";
import type { NetworkShape } from "../model/networks.js";
import type { FittedModel } from "../planning/fitted.js";
import { prefixTokens } from "../planning/tokens.js";
import { relaxActions } from "./actions.js";
import { relaxedProgram } from "./program.js";
import type { Relaxation } from "./relaxation.js";
import type { RelaxedPlan } from "./roll-out.js";

export interface RelaxedOptions {
  readonly relaxation: Relaxation;
  readonly contextTransitions: number;
  readonly scoring: SequenceScoring;
  /** Tokens of the goal, if there is one. */
  readonly goal: Int32Array | undefined;
  readonly serial: Serial;
}

/** Relaxed plans in a model of trajectories: their scores and gradients. */
export interface RelaxedPlans {
  gradient(
    pessimism: Pessimism,
    groups: readonly SequenceGroup[],
    horizon: number,
  ): Promise<readonly SequenceGradients[]>;
  close(): Promise<void>;
}

/** Plans that go through a program at once: more do not fit the cache. */
const ROWS = 16;

/** Programs are compiled for each horizon and each length of the context, as they are asked for. */
export function createRelaxedPlans(
  engine: Engine,
  fitted: FittedModel<NetworkShape>,
  options: RelaxedOptions,
): RelaxedPlans {
  const { state, program, close } = openPrograms(engine, fitted.weights);
  const run: Run = async (plan, inputs) => {
    const name = `${plan.rows} ${plan.horizon} ${plan.context} ${plan.likely}`;
    return (await program(name, () => relaxedProgram(fitted, plan))).run(state, inputs);
  };
  return {
    gradient: (pessimism, groups, horizon) =>
      options.serial(async () => {
        const found: SequenceGradients[] = [];
        for (const group of groups) found.push(await gradientOf(fitted, options, { pessimism, group, horizon }, run));
        return found;
      }),
    close,
  };
}

type Plan = Omit<RelaxedPlan, "middles">;
type Run = (plan: Plan, inputs: Record<string, Int32Array | Float32Array>) => Promise<HostTensors>;

interface Asked {
  readonly pessimism: Pessimism;
  readonly group: SequenceGroup;
  readonly horizon: number;
}

/** @throws ConfigError for no sequences, or an observation or actions of other sizes */
async function gradientOf(
  fitted: FittedModel<NetworkShape>,
  { relaxation, contextTransitions, scoring, goal }: RelaxedOptions,
  { pessimism, group, horizon }: Asked,
  run: Run,
): Promise<SequenceGradients> {
  const { architecture, discretiser, sizes } = fitted;
  const { population, sequences } = group;
  const length = horizon * sizes.action;
  checkSequences(group, length);
  checkHorizon(fitted, horizon);
  const context = prefixTokens(discretiser, sizes, group.state, contextTransitions - 1, goal);
  const rows = Math.min(ROWS, sizeFor(population));
  const likely = pessimism === "log-probability";
  const plan: Plan = {
    ...{ rows, horizon, sizes, contextTransitions, relaxation, scoring, likely },
    ...{ goal: goal?.length ?? 0, context: context.length },
  };
  const vocabulary = vocabularyOf(architecture);
  const known = embeddingRows(architecture, context, (i) => i);
  const [scores, gradients] = [new Float32Array(population), new Float32Array(sequences.length)];
  for (let from = 0; from < population; from += rows) {
    const actions = new Float32Array(rows * length);
    const present = sequences.subarray(from * length, (from + rows) * length);
    actions.set(present);
    const relaxed = relaxActions(actions, { discretiser, sizes, vocabulary, relaxation });
    const found = await run(plan, { context: known, ...relaxed });
    const own = Math.min(rows, population - from);
    scores.set(scoresOf(found, scoring, own), from);
    gradients.set(Float32Array.from(found.gradients!.data).subarray(0, present.length), from * length);
  }
  return { scores, gradients };
}

/** Scores [rows]; minus infinity where some step's log P_beta lies below the floor, or is not a number. */
function scoresOf({ score, logProbabilities }: HostTensors, { logProbabilityFloor }: SequenceScoring, rows: number) {
  const scores = Float32Array.from(score!.data).subarray(0, rows);
  if (logProbabilities === undefined || logProbabilityFloor === undefined) return scores;
  const horizon = logProbabilities.shape[1]!;
  return scores.map((each, row) => {
    const logs = Float32Array.from(logProbabilities.data.subarray(row * horizon, (row + 1) * horizon));
    return logs.every((log) => log >= logProbabilityFloor) ? each : -Infinity;
  });
}

/**
 * Tokens that a graph reads one after another, times layers: what it takes to compile and to run grows with them.
 *
 * Of a transition, all entries of the action are read at once, then reward, value and each entry of the observation.
 */
const READS = 512;

/** @throws ConfigError naming the option for plans whose graph would be too large */
function checkHorizon({ architecture, sizes }: FittedModel<NetworkShape>, horizon: number): void {
  const reads = (sizes.observation + 3) * architecture.layers;
  const longest = Math.max(Math.floor(READS / reads), 1);
  if (horizon <= longest) return;
  throw new ConfigError(
    `gradients of a plan of ${horizon} steps go through ${horizon * reads} layers, one after another`,
    {
      where: "planner.horizon",
      expected: `at most ${longest} steps in a model of tokens of this size`,
      remedy: "choose a planner that needs scores only, such as cem, or a shorter horizon",
    },
  );
}

function checkSequences({ population, sequences }: SequenceGroup, length: number): void {
  if (population > 0 && sequences.length === population * length) return;
  throw new ConfigError(
    population > 0
      ? `${sequences.length} action entries for ${population} sequences`
      : "there are no action sequences to score",
    { where: "plan.sequences", expected: `${length} entries a sequence` },
  );
}

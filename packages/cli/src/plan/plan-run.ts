import { ConfigError, Dataset, type EnvironmentFactory } from "@lowerbound/core";
import { environmentFactory } from "@lowerbound/environments";
import { quantile } from "@lowerbound/evaluation";
import { silentTerminal, terminal } from "@lowerbound/runs";
import { z } from "zod";
import { type OpenPlanningOptions, openPlanning, type Planning } from "./open-planning.js";
import { type PlanReport, planSchema } from "./plan-file.js";
import { type Played, play } from "./play.js";
import { openReel } from "./reel.js";

export interface PlanRunOptions extends OpenPlanningOptions {
  readonly environment?: string;
  readonly episodes: number;
  /** Of an episode; to its end where left out. */
  readonly steps?: number;
  readonly seed: number;
  readonly every: number;
  /** Whether a film strip is wanted. */
  readonly film: boolean;
}

export interface PlanOutcome {
  readonly report: PlanReport;
  /** SVG of the first episode's motion. */
  readonly film?: string;
}

/** Act in a run's environment with a planner over its fitted model. @throws CapabilityError for what cannot be planned in */
export async function planRun(directory: string, options: PlanRunOptions): Promise<PlanOutcome> {
  const planning = await openPlanning(directory, options);
  try {
    const factory = await factoryOf(planning, options.environment);
    const environment = await factory.create();
    try {
      const reel = options.film ? await openReel(environment.id) : undefined;
      const steps = Math.min(options.steps ?? environment.timeLimit, environment.timeLimit);
      const played = await watched(options, steps, (onStep) =>
        play(planning, environment, { ...options, steps, onStep }),
      );
      const report = reportOf(planning, environment.id, played, options.seed);
      return reel === undefined ? { report } : { report, film: reel.film(played[0]!, report) };
    } finally {
      environment.close();
    }
  } finally {
    await planning.close();
  }
}

type OnStep = (episode: number, step: number, realised: number) => void;

/** Play under a progress line that shows the return so far. */
async function watched(
  { episodes, quiet }: PlanRunOptions,
  steps: number,
  playing: (onStep: OnStep) => Promise<Played[]>,
): Promise<Played[]> {
  const progress = (quiet ? silentTerminal : terminal(process.stderr)).progress("plan", episodes * steps);
  let [total, present] = [0, 0];
  try {
    return await playing((episode, step, realised) => {
      total = (episode === present ? total : 0) + realised;
      present = episode;
      progress.update(episode * steps + step, { episode: episode + 1, return: Number(total.toFixed(1)) });
    });
  } finally {
    progress.stop();
  }
}

function reportOf(planning: Planning, environment: string, played: readonly Played[], seed: number): PlanReport {
  const episodes = played.map(({ episode }) => episode);
  const times = episodes.flatMap(({ steps }) => steps.flatMap(({ milliseconds }) => milliseconds ?? []));
  const { described, pessimism, replanEvery } = planning;
  return planSchema.parse({
    version: 1,
    environment,
    ...described,
    pessimism,
    replanEvery,
    seed,
    decision: { count: times.length, median: quantile(times, 0.5), p95: quantile(times, 0.95) },
    episodes,
  });
}

const Evaluation = z.looseObject({ environment: z.looseObject({ type: z.string() }).optional() }).optional();

/** The environment asked for, the run's own, or the one that the data come from. @throws ConfigError if none is known */
async function factoryOf({ pipeline, config }: Planning, asked: string | undefined): Promise<EnvironmentFactory> {
  if (asked !== undefined) return environmentFactory(asked);
  const own = Evaluation.parse(config.evaluation)?.environment;
  if (own !== undefined) {
    const { type, ...options } = own;
    return environmentFactory(type, options);
  }
  const { environmentId, name } = await pipeline.get(Dataset).info();
  if (environmentId !== undefined) return environmentFactory(environmentId);
  throw new ConfigError(`the run has no evaluation, and ${name} does not say where it comes from`, {
    where: "--environment",
    remedy: 'name one: --environment TYPE ("lowerbound components environment" lists them)',
  });
}

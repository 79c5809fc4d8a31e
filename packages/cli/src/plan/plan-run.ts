import { Dataset, type Environment, type EnvironmentFactory, type PlanningModel } from "@lowerbound/core";
import { quantile } from "@lowerbound/evaluation";
import { silentTerminal, terminal } from "@lowerbound/runs";
import { environmentOf, noEnvironment } from "../environment-of.js";
import { checkSizes } from "../ope/log-of-task.js";
import { type OpenPlanningOptions, openPlanning, type Planning } from "./open-planning.js";
import { type PlannedEpisode, type PlanReport, planSchema } from "./plan-file.js";
import { type Played, play } from "./play.js";
import { openReel } from "./reel.js";

export interface PlanRunOptions extends OpenPlanningOptions {
  readonly environment?: string;
  readonly episodes: number;
  /** Episodes that are planned for at once; as many as there are up to 8 where left out, with a time budget one. */
  readonly parallel?: number;
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
    const environments = await environmentsFor(planning, options);
    const [{ id, timeLimit }] = environments;
    try {
      const reel = options.film ? await openReel(id) : undefined;
      const steps = Math.min(options.steps ?? timeLimit, timeLimit);
      const played = await watched(options, steps, (onStep) =>
        play(planning, environments, { ...options, steps, onStep }),
      );
      const report = reportOf(planning, id, played, { seed: options.seed, parallel: environments.length });
      return reel === undefined ? { report } : { report, film: reel.film(played[0]!, report) };
    } finally {
      for (const environment of environments) environment.close();
    }
  } finally {
    await planning.close();
  }
}

/** One environment for each episode that is planned for at once. */
async function environmentsFor(
  planning: Planning,
  { environment, episodes, parallel }: PlanRunOptions,
): Promise<[Environment, ...Environment[]]> {
  const factory = await factoryFor(planning, environment);
  const count = Math.min(episodes, parallel ?? (planning.budgetMilliseconds === undefined ? PARALLEL : 1));
  const made: [Environment, ...Environment[]] = [await factory.create()];
  try {
    checkFits(made[0], planning.model);
    while (made.length < count) made.push(await factory.create());
    return made;
  } catch (error) {
    for (const environment of made) environment.close();
    throw error;
  }
}

/** @throws DataError if the environment's observations or actions have other sizes than the model's */
function checkFits({ id, observationSpace, actionSpace }: Environment, model: PlanningModel): void {
  const found = { observation: observationSpace.shape[0], action: actionSpace.shape[0] };
  const wanted = { observation: model.observationSize, action: model.actionSize };
  checkSizes(found, wanted, `--environment ${id}`, "plan in the environment that the run's data come from");
}

/** Episodes planned for at once where nothing else is said. */
const PARALLEL = 8;

type OnStep = (episode: number, step: number, realised: number) => void;

/** Play under a progress line that shows the mean return of the episodes so far. */
async function watched(
  { episodes, quiet }: PlanRunOptions,
  steps: number,
  playing: (onStep: OnStep) => Promise<Played[]>,
): Promise<Played[]> {
  const progress = (quiet ? silentTerminal : terminal(process.stderr)).progress("plan", episodes * steps);
  const done: { readonly step: number; readonly total: number }[] = [];
  try {
    return await playing((episode, step, realised) => {
      done[episode] = { step, total: (done[episode]?.total ?? 0) + realised };
      const taken = done.reduce((sum, each) => sum + each.step, 0);
      const total = done.reduce((sum, each) => sum + each.total, 0);
      progress.update(taken, { episodes: done.length, return: Number((total / done.length).toFixed(1)) });
    });
  } finally {
    progress.stop();
  }
}

function reportOf(
  { described, pessimism, replanEvery, budgetMilliseconds }: Planning,
  environment: string,
  played: readonly Played[],
  asked: { readonly seed: number; readonly parallel: number },
): PlanReport {
  const episodes = played.map(({ episode }) => episode);
  return planSchema.parse({
    version: 1,
    environment,
    ...described,
    pessimism,
    replanEvery,
    ...asked,
    ...(budgetMilliseconds === undefined ? {} : { budgetMilliseconds }),
    decision: decisionTimes(episodes),
    episodes,
  });
}

/** Times of decisions as environments waited for them, and their shares of what was planned together. */
function decisionTimes(episodes: readonly PlannedEpisode[]): PlanReport["decision"] {
  const made = episodes.flatMap(({ steps }) =>
    steps.flatMap(({ milliseconds, together = 1 }) => (milliseconds === undefined ? [] : [{ milliseconds, together }])),
  );
  const waited = made.map(({ milliseconds }) => milliseconds);
  const shares = made.map(({ milliseconds, together }) => milliseconds / together);
  return { count: made.length, ...spread(waited), each: spread(shares) };
}

const spread = (times: readonly number[]) => ({ median: quantile(times, 0.5), p95: quantile(times, 0.95) });

/** The environment to act in. @throws ConfigError if none is known */
async function factoryFor(planning: Planning, asked: string | undefined): Promise<EnvironmentFactory> {
  const found = await environmentOf(planning, asked);
  if (found !== undefined) return found;
  const { name } = await planning.pipeline.get(Dataset).info();
  throw noEnvironment(name);
}

import { ConfigError, Dataset, type Environment, Random } from "@lowerbound/core";
import { silentTerminal, terminal } from "@lowerbound/runs";
import { checkSizes } from "../ope/log-of-task.js";
import { type OpenedRun, openRun } from "../ope/saved-run.js";
import {
  type EpisodeOptions,
  episodesToPredict,
  type LoggedEpisodes,
  type Moments,
  mayHaveLearnt,
  momentsOf,
} from "./episodes.js";
import { filmOf, openCamera } from "./film.js";
import type { Forecast, Forecaster, OpenLoop } from "./forecast.js";
import { forecastersOf } from "./forecasters.js";
import { type PredictionReport, predictionSchema } from "./prediction-file.js";
import { errorsByStep, goingOn, type Truth } from "./step-error.js";
import { loggedTruth, openSimulator, simulatedTruth, type TruthOptions } from "./truth.js";

export interface PredictRunOptions extends EpisodeOptions, TruthOptions {
  /** Other runs whose models predict the same episodes. */
  readonly beside: readonly string[];
  /** Whether a film strip is wanted. */
  readonly film: boolean;
  readonly quiet: boolean;
  readonly signal: AbortSignal;
}

export interface PredictOutcome {
  readonly report: PredictionReport;
  /** SVG of an episode's motions. */
  readonly film?: string;
}

/**
 * Predict whole episodes open loop by each model of a run, and of others, and hold them against what comes.
 *
 * @throws FileError for a run without a fit; CapabilityError without a model; DataError for runs or logs of other sizes
 */
export async function predictRun(directory: string, options: PredictRunOptions): Promise<PredictOutcome> {
  const runs: OpenedRun[] = [];
  try {
    for (const each of [directory, ...options.beside]) runs.push(await openRun(each));
    const forecasters = await allForecasters(runs);
    if (options.data === undefined) await warnOfLearnt(runs, options);
    const environment = await openSimulator(runs[0]!, options);
    try {
      return await predictWith({ run: runs[0]!, forecasters, environment }, options);
    } finally {
      environment?.close();
    }
  } finally {
    for (const { pipeline } of runs) await pipeline.dispose();
  }
}

async function warnOfLearnt(runs: readonly OpenedRun[], { quiet }: PredictRunOptions): Promise<void> {
  const screen = quiet ? silentTerminal : terminal(process.stderr);
  for (const { directory } of await mayHaveLearnt(runs)) {
    screen.print(
      `${directory} does not hold these episodes out, and may have learnt from them: --data FILE measures all alike`,
    );
  }
}

interface Named {
  readonly run: string;
  readonly forecaster: Forecaster;
}

async function allForecasters(runs: readonly OpenedRun[]): Promise<readonly Named[]> {
  const sizes = await runs[0]!.pipeline.get(Dataset).info();
  const named: Named[] = [];
  for (const run of runs) {
    const own = await run.pipeline.get(Dataset).info();
    checkSizes(own, sizes, run.directory, "name a run on the same task: --beside RUN");
    for (const forecaster of await forecastersOf(run)) named.push({ run: run.directory, forecaster });
  }
  return named;
}

interface Scene {
  readonly run: OpenedRun;
  readonly forecasters: readonly Named[];
  readonly environment: Environment | undefined;
}

async function predictWith(scene: Scene, options: PredictRunOptions): Promise<PredictOutcome> {
  const { run, environment } = scene;
  const camera = options.film ? await openCamera(needed(environment)) : undefined;
  try {
    const episodes = await episodesToPredict(run, options);
    const truth = environment === undefined ? loggedTruth(episodes) : simulatedTruth(episodes, environment);
    const predicted = await predictAll(scene, episodes, options);
    const moments = await momentsOf(run);
    const beside = [meanForecast(episodes, options.steps, moments)];
    if (environment !== undefined) beside.push(loggedForecast(episodes, options.steps));
    const found = { episodes, truth, moments, predicted: [...predicted, ...beside] };
    const report = await reportOf(scene, found, options);
    if (camera === undefined) return { report };
    return { report, film: filmOf(camera, { truth, forecasts: predicted, steps: options.steps }) };
  } finally {
    camera?.close();
  }
}

/** @throws ConfigError where there is nothing to draw poses with */
function needed(environment: Environment | undefined): Environment {
  if (environment !== undefined) return environment;
  throw new ConfigError("poses are drawn by a simulator, and none is used", {
    where: "--render",
    remedy: "name the environment: --environment TYPE",
  });
}

interface OfRun extends Forecast {
  readonly run: string | null;
}

async function predictAll(
  { forecasters }: Scene,
  episodes: LoggedEpisodes,
  { steps, seed, quiet, signal }: PredictRunOptions,
): Promise<readonly OfRun[]> {
  const total = steps * forecasters.reduce((sum, { forecaster }) => sum + forecaster.passes, 0);
  const progress = (quiet ? silentTerminal : terminal(process.stderr)).progress("predict", total);
  let done = 0;
  const onStep = () => progress.update(++done);
  try {
    const found: OfRun[] = [];
    for (const { run, forecaster } of forecasters) {
      // Each model from the start of the stream, so that its draws do not hang on which others are beside it.
      const random = Random.fromSeed(seed).stream("predict");
      const job: OpenLoop = { ...jobOf(episodes, steps), random, signal, onStep };
      for (const forecast of await forecaster.predict(job)) found.push({ ...forecast, run });
    }
    return found;
  } finally {
    progress.stop();
  }
}

function jobOf({ observation, action, each }: LoggedEpisodes, steps: number) {
  const starts = new Float32Array(each.length * observation);
  const actions = new Float32Array(each.length * steps * action);
  each.forEach((episode, at) => {
    starts.set(episode.start, at * observation);
    actions.set(episode.actions, at * steps * action);
  });
  return { count: each.length, steps, observation, action, starts, actions };
}

/** What a prediction that knows nothing of the episode errs by: better than that is what a model knows. */
function meanForecast({ observation, each }: LoggedEpisodes, steps: number, { means }: Moments): OfRun {
  const observations = Float32Array.from(
    { length: each.length * steps * observation },
    (_, i) => means[i % observation]!,
  );
  return { name: "the data", way: "mean", run: null, observations };
}

/** The log beside the simulator: how far rounding and what observations hide lead apart. */
function loggedForecast({ observation, each }: LoggedEpisodes, steps: number): OfRun {
  const observations = new Float32Array(each.length * steps * observation).fill(Number.NaN);
  each.forEach(({ came }, at) => {
    observations.set(came, at * steps * observation);
  });
  return { name: "the log", way: "as logged", run: null, observations };
}

interface Found {
  readonly episodes: LoggedEpisodes;
  readonly truth: Truth;
  readonly moments: Moments;
  readonly predicted: readonly OfRun[];
}

async function reportOf(
  { run, environment }: Scene,
  { episodes, truth, moments, predicted }: Found,
  { steps, seed }: PredictRunOptions,
): Promise<PredictionReport> {
  const dataset = await run.pipeline.get(Dataset).info();
  return predictionSchema.parse({
    version: 1,
    dataset: dataset.name,
    environment: environment?.id ?? null,
    truth: environment === undefined ? "log" : "simulator",
    episodesFrom: episodes.from,
    seed,
    episodes: goingOn(truth),
    models: predicted.map((each) => {
      const { name, way, observations } = each;
      return { name, way, run: each.run, errors: errorsByStep(observations, steps, truth, moments.deviations) };
    }),
  });
}

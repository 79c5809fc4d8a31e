import {
  Algorithm,
  CapabilityError,
  type Certificates,
  ConfigError,
  certificatesSchema,
  counted,
  Dataset,
  Engine,
  type EnvironmentFactory,
  Optimiser,
  type Policy,
  Random,
  type Transitions,
} from "@lowerbound/core";
import {
  type CertifyOptions,
  certifyContinuous,
  certifyOptions,
  criticValues,
  type FittedModel,
  fittedValues,
  type PenaltyLearner,
  type PlayedTruth,
  playTruth,
  type StateValues,
} from "@lowerbound/evaluation";
import { type NamedPenalty, penaltiesOf } from "../calibrate/penalties.js";
import { simulatorOf } from "../calibrate/visits.js";
import { loadComponents } from "../components.js";
import { checkOtherLog, refuseChangedLog } from "../independent-log.js";
import { learnerOfRun } from "../ope/learner-of-run.js";
import { requireModel } from "../ope/model-of-run.js";
import { type OpenedRun, openRun, savedPolicies } from "../ope/saved-run.js";
import { optionsFrom } from "../options/options-from.js";
import { type Setting, settingOf } from "../options/settings.js";
import { readRun, type SavedRun } from "../run-command.js";
import { heldOutRows } from "./held-out.js";

export interface CertifyRunOptions {
  /** What estimates values: a fit to the data, or the run's critic. */
  readonly value: "fqe" | "critic";
  /** A log of its own to check penalties on. */
  readonly data?: string | undefined;
  /** Types of penalties beside the run's. */
  readonly penalties: readonly string[];
  /** Plug-ins beside the run's. */
  readonly plugins: readonly string[];
  /** Episodes in the simulator; 0: none. */
  readonly visits: number;
  readonly seed: number;
  /** Options of the certificate; defaults where left out, the discount's the run's. */
  readonly certificate: readonly Setting[];
  readonly onStage: (what: string) => void;
  readonly signal?: AbortSignal | undefined;
}

/** Certify the last policy of a run, penalty by penalty. @throws FileError, CapabilityError, ConfigError, DataError */
export async function certifyRun(directory: string, options: CertifyRunOptions): Promise<Certificates> {
  const run = await openRun(directory);
  try {
    return await certifyOpened(run, options);
  } finally {
    await run.pipeline.dispose();
  }
}

async function certifyOpened(run: OpenedRun, options: CertifyRunOptions): Promise<Certificates> {
  const { directory } = run;
  const { seed, onStage } = options;
  const certificate = optionsOf(run, options);
  const saved = await readRun(directory);
  const components = await loadComponents([...saved.plugins, ...options.plugins]);
  if (options.data !== undefined) await checkOtherLog(saved, components, options.data);
  const { dynamics, tensors, termination } = await requireModel(run);
  const penalties = await penaltiesOf(directory, saved, options, components);
  const fitted = penalties.map(fittedOf);
  const job = await sharedJob(run, saved, options, certificate);
  const { engine, transitions, policy, learner } = job;
  // The same draws for each penalty, so that their certificates differ by nothing else.
  const model = (): FittedModel => ({ engine, dynamics, tensors, random: Random.fromSeed(seed).stream("certificate") });
  const heldOut = await heldOutRows(run, model(), { data: options.data, rows: certificate.rows, seed });
  const values = await valuesOf(job);
  try {
    const truth = await truthOf(job);
    const shared = { termination, transitions, policy, values, heldOut, truth, seed, signal: options.signal };
    const certificates = [];
    for (const { penaltyType, ...penalty } of fitted) {
      onStage(`certifying by ${penaltyType}: ${certificate.horizon} steps in the model at most`);
      const given = { ...penalty, learner };
      certificates.push(
        await certifyContinuous({ ...shared, model: model(), penalty: given, penaltyType, options: certificate }),
      );
    }
    return certificatesSchema.parse({ version: 1, seed, certificates });
  } finally {
    await values.dispose();
    await policy.close();
    for (const { dispose } of penalties) await dispose();
  }
}

/** @throws CapabilityError for a penalty with a fit that the run has not */
function fittedOf({ type, penalty, tensors }: NamedPenalty) {
  if (tensors !== undefined) return { penaltyType: type, penalty, tensors };
  throw new CapabilityError(`${type} has a fit of its own, which this run has not`, {
    where: "--penalty",
    remedy: `train with it (--penalty ${type}), or name one that looks at the model alone`,
  });
}

interface SharedJob {
  readonly engine: Engine;
  readonly transitions: Transitions;
  readonly policy: Policy;
  readonly learner: PenaltyLearner | undefined;
  /** Present where episodes in it were asked for. */
  readonly simulator: EnvironmentFactory | undefined;
  readonly options: CertifyRunOptions;
  readonly certificate: CertifyOptions;
}

async function sharedJob(
  run: OpenedRun,
  { config }: SavedRun,
  options: CertifyRunOptions,
  certificate: CertifyOptions,
): Promise<SharedJob> {
  const { directory, pipeline } = run;
  await refuseChangedLog(run);
  const simulator = options.visits === 0 ? undefined : await simulatorOf({ pipeline, config });
  const engine = pipeline.get(Engine);
  const transitions = await pipeline.get(Dataset).transitions();
  const [last] = await savedPolicies(directory, "last");
  const policy = await pipeline.get(Algorithm).policy({ dimensions: transitions, engine, tensors: last!.tensors });
  const learner = await learnerOfRun(run, transitions);
  return { engine, transitions, policy, learner, simulator, options, certificate };
}

/** Values of a critic hold for the discount that it was trained with alone. @throws ConfigError for another */
function optionsOf({ pipeline }: OpenedRun, { value, certificate }: CertifyRunOptions): CertifyOptions {
  const trained = pipeline.has(Optimiser) ? pipeline.get(Optimiser).discount : undefined;
  const own = settingOf("the run", "discount", trained?.toString());
  const options = optionsFrom(certifyOptions, [...own, ...certificate]);
  if (value === "critic" && trained !== undefined && options.discount !== trained) {
    throw new ConfigError(`the critic's values are discounted by ${trained}`, {
      where: "--discount",
      remedy: `leave it out, or fit values to the data: --value fqe`,
    });
  }
  return options;
}

async function valuesOf(job: SharedJob): Promise<StateValues> {
  const { engine, transitions, policy, learner, options, certificate } = job;
  if (options.value === "critic") return criticValues(engine, learner, transitions);
  options.onStage(`estimating values: ${certificate.fqe.updates} updates of fitted Q evaluation`);
  return fittedValues({
    engine,
    transitions,
    policy,
    options: certificate.fqe,
    discount: certificate.discount,
    seed: options.seed,
    random: Random.fromSeed(options.seed).stream("values"),
    signal: options.signal,
  });
}

/** Episodes of the policy in its simulator, where they were asked for. */
async function truthOf({ policy, simulator, options, certificate }: SharedJob): Promise<PlayedTruth | undefined> {
  const { visits: episodes, seed, onStage } = options;
  if (simulator === undefined) return undefined;
  onStage(`playing ${counted(episodes, "episode")} in the simulator`);
  return playTruth({ ...certificate, policy, factory: simulator, episodes, seed });
}

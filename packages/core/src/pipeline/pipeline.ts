import { Algorithm, type Trained } from "../contracts/algorithm.js";
import { isChecking } from "../contracts/check.js";
import { Dataset, type DatasetInfo, type Dimensions } from "../contracts/dataset.js";
import { Engine } from "../contracts/engine.js";
import { type EvaluationResult, Evaluator } from "../contracts/evaluator.js";
import type { Json } from "../contracts/fit.js";
import type { Policy } from "../contracts/policy.js";
import { type Run, type RunOptions, RunStore } from "../contracts/run.js";
import type { AnyComponent } from "../registry/component.js";
import type { ConfigOf } from "../registry/config-types.js";
import { createScope, type Scope } from "../registry/container.js";
import type { Kind } from "../registry/kind.js";
import { type ParsedConfig, parseConfig } from "../registry/parse-config.js";
import { createRegistry, type Registry } from "../registry/registry.js";
import { Random } from "../rng/random.js";
import { checkActionBounds } from "./action-bounds.js";
import { whole } from "./check-given.js";
import { checkPenalty } from "./check-penalty.js";
import { checkRule } from "./check-rule.js";
import { type ImaginedReturns, measure } from "./evaluate.js";
import { fittedOf, heldOutEpisodes, type Part, requirementsOf, runFitPhases, splitOf } from "./phases.js";
import { restorePolicy } from "./restore-policy.js";
import { unusedNotes } from "./unused.js";

export interface PipelineResult {
  readonly directory: string;
  readonly dataset: DatasetInfo;
  readonly trained: Trained;
  /** Facts of each fit phase, by kind. */
  readonly fitted: Readonly<Record<string, Json>>;
  /** The last policy in the environment; absent unless an `evaluation` is configured. */
  readonly evaluation: EvaluationResult | undefined;
  /** What the learnt model promises for the same starts; absent without an evaluation or a model. */
  readonly imagined: ImaginedReturns | undefined;
  /** Wall-clock seconds of each phase. */
  readonly seconds: Readonly<Record<string, number>>;
}

/** Components wired by a configuration, ready to run. */
export interface Pipeline {
  readonly registry: Registry;
  /** The configuration with every default filled in; saved with each run. */
  readonly config: ParsedConfig;
  /** The made component of a kind. @throws ConfigError if none is configured. */
  get<T>(kind: Kind<string, T>): T;
  has(kind: Kind<string, unknown>): boolean;
  /** What fit phases learn from: the dataset, less the episodes that a part holds out for its own fit. */
  fittingDataset(): Promise<Dataset>;
  /** The episodes that no fit phase learnt from; undefined where no part holds any out. */
  heldOutDataset(): Promise<Dataset | undefined>;
  /** Fit, train, evaluate; resumes whatever an earlier run in the same directory had done. */
  run(options: RunOptions): Promise<PipelineResult>;
  /**
   * The policy of a run made with this configuration: its snapshot "last", "best", or another that training kept. The log
   * says how wide observations and actions are, unless it is said here.
   */
  policy(options: RunOptions, snapshot: string, dimensions?: Dimensions): Promise<Policy>;
  dispose(): Promise<void>;
}

/**
 * Wire components by a configuration.
 *
 * A misspelt kind, type or option is a compile error, and at run time a ConfigError naming the path and the nearest
 * valid name.
 */
export function createPipeline<const C extends readonly AnyComponent[]>(components: C, config: ConfigOf<C>): Pipeline {
  return createUntypedPipeline(components, config);
}

/** The same for a configuration that comes from a file or a command line. */
export function createUntypedPipeline(components: readonly AnyComponent[], raw: unknown): Pipeline {
  const registry = createRegistry(components);
  const config = parseConfig(registry, raw);
  const scope = createScope(registry, config);
  const parts = wiredParts(registry, config, scope);
  return {
    registry,
    config,
    get: scope.inject,
    has: scope.has,
    fittingDataset: async () => (await splitOf(parts, scope.inject(Dataset), config.seed)).fitting,
    run: (options) => runPipeline({ registry, config, scope, parts }, options),
    heldOutDataset: async () => (await splitOf(parts, scope.inject(Dataset), config.seed)).heldOut,
    policy: (options, snapshot, dimensions) => restorePolicy(scope, options, { snapshot, dimensions }),
    dispose: scope.dispose,
  };
}

interface Wired {
  readonly registry: Registry;
  readonly config: ParsedConfig;
  readonly scope: Scope;
  readonly parts: readonly Part[];
}

/** Every part made; what was made before one that fails is disposed of. */
function wiredParts(registry: Registry, config: ParsedConfig, scope: Scope): readonly Part[] {
  try {
    scope.resolveAll();
    return partsOf(registry, config, scope);
  } catch (error) {
    // What the caller has to know is why the pipeline could not be made, not what else failed on the way out.
    scope.dispose().catch(() => {});
    throw error;
  }
}

/** The configured parts with what they require; what is required and missing throws here. */
function partsOf(registry: Registry, config: ParsedConfig, scope: Scope): readonly Part[] {
  return Object.entries(config.parts).map(([kindName, parsed]) => {
    const component = registry.find(kindName, parsed.type, kindName);
    const requires = requirementsOf(registry, component, parsed);
    for (const kind of requires) scope.inject(kind);
    return { kind: component.kind, requires, product: scope.inject(component.kind) };
  });
}

async function runPipeline(wired: Wired, options: RunOptions): Promise<PipelineResult> {
  const { config, scope } = wired;
  const needed = await neededOf(wired);
  const run = await scope.inject(RunStore).create(options);
  try {
    await run.open({ seed: config.seed, ...config.parts } as Json, {
      mayGrow: needed.algorithm.mayGrow?.map((name) => `${Algorithm.name}.${name}`) ?? [],
      mayChange: [Engine.name],
      fingerprint: needed.info.fingerprint,
    });
    for (const note of unusedNotes(wired.parts, config, scope.taken)) run.phase("train").note(note);
    return await runPhases(wired, needed, run);
  } finally {
    await run.close();
  }
}

/** What a run cannot do without; whatever is missing or wrong throws before the run's directory is made. */
async function neededOf({ scope, parts }: Wired) {
  const [dataset, engine, algorithm] = [scope.inject(Dataset), scope.inject(Engine), scope.inject(Algorithm)];
  const evaluator = scope.has(Evaluator) ? scope.inject(Evaluator) : undefined;
  const info = whole("dataset.info", await dataset.info());
  checkActionBounds(info);
  const log = { ...info, heldOut: heldOutEpisodes(parts, info) };
  for (const { product } of parts) if (isChecking(product)) await product.check(log);
  await checkRule({ parts, scope, engine, info });
  await checkPenalty(scope, engine, info);
  return { dataset, engine, algorithm, evaluator, info };
}

async function runPhases(
  { registry, config, parts }: Wired,
  { dataset, engine, algorithm, evaluator, info }: Awaited<ReturnType<typeof neededOf>>,
  run: Run,
): Promise<PipelineResult> {
  const phases = await runFitPhases(parts, { registry, config, run, dataset, engine });
  const started = performance.now();
  const handle = run.phase("train");
  const training = algorithm.train({
    dataset,
    engine,
    random: Random.fromSeed(config.seed).stream("train"),
    run: handle,
    fitted: (kindName) => fittedOf(phases.fitted, kindName),
    evaluator,
  });
  const trained = whole("algorithm.train", await training);
  await handle.keep("last", { step: 0, tensors: trained.tensors, data: {} });
  const trainSeconds = (performance.now() - started) / 1000;
  const evaluationStarted = performance.now();
  const measured = await measure(algorithm, evaluator, {
    dataset,
    engine,
    trained,
    fitted: (kindName) => fittedOf(phases.fitted, kindName),
    seed: config.seed,
    signal: handle.signal,
  });
  const seconds = {
    ...phases.seconds,
    train: trainSeconds,
    evaluation: (performance.now() - evaluationStarted) / 1000,
  };
  const fitted = Object.fromEntries([...phases.fitted].map(([name, { facts }]) => [name, facts as Json]));
  await run.finish({
    dataset: { ...info },
    fitted,
    trained: trained.facts,
    evaluation: measured.evaluation ?? null,
    imagined: measured.imagined ?? null,
    seconds,
  } as unknown as Json);
  return { directory: run.directory, dataset: info, trained, fitted, ...measured, seconds };
}

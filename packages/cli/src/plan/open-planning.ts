import {
  createRegistry,
  createUntypedPipeline,
  Dataset,
  Engine,
  type HostTensors,
  type Pessimism,
  type Pipeline,
  Planner,
  type PlanningModel,
  PlanningModelSource,
  parseConfig,
} from "@lowerbound/core";
import { checkSeam, pessimismOf } from "@lowerbound/planners";
import { z } from "zod";
import { loadComponents } from "../components.js";
import { assembleConfig } from "../config/assemble.js";
import type { Setting } from "../options/settings.js";
import { readRun } from "../run-command.js";
import { withChosenWeight } from "./chosen-weight.js";
import { planningDefaults } from "./defaults.js";
import { tensorsFor } from "./tensors-for.js";

export interface OpenPlanningOptions {
  /** Type of the planner; the run's own or CEM where left out. */
  readonly planner?: string;
  /** Type of the model to plan in; the run's own or its dynamics where left out. */
  readonly model?: string;
  /** Of the algorithm's options: `planner.horizon`, `model.penaltyCoefficient`, `replanEvery`. */
  readonly settings: readonly Setting[];
  readonly plugins: readonly string[];
  readonly quiet: boolean;
  readonly signal: AbortSignal;
}

/** A run's model with a planner, ready to act. */
export interface Planning {
  readonly pipeline: Pipeline;
  /** As the run was configured. */
  readonly config: Readonly<Record<string, unknown>>;
  /** Configurations of planner and model, every default filled in. */
  readonly described: { readonly planner: { readonly type: string }; readonly model: { readonly type: string } };
  readonly planner: Planner;
  readonly model: PlanningModel;
  readonly pessimism: Pessimism;
  readonly replanEvery: number;
  readonly budgetMilliseconds: number | undefined;
  close(): Promise<void>;
}

const Part = z.looseObject({ type: z.string() });
const Chosen = z.object({
  planner: Part,
  model: Part,
  replanEvery: z.number(),
  budgetMilliseconds: z.number().optional(),
});
type Chosen = z.output<typeof Chosen>;

/** Wire a planner and a run's fitted model. @throws FileError without a run; ConfigError; CapabilityError with the reason */
export async function openPlanning(directory: string, options: OpenPlanningOptions): Promise<Planning> {
  const { config, plugins } = await readRun(directory);
  const components = await loadComponents([...new Set([...plugins, ...options.plugins])]);
  const { algorithm, optimiser: _, evaluation: __, ...others } = config;
  const weighed = await withChosenWeight(directory, config, options.settings);
  const chosen = chosenOf(createRegistry(components), weighed, others, options);
  const parts = { ...others, planner: chosen.planner, "planning-model": chosen.model };
  const pipeline = createUntypedPipeline(components, parts);
  try {
    return await wire({ directory, config, algorithm, pipeline, chosen }, options);
  } catch (error) {
    await pipeline.dispose();
    throw error;
  }
}

/** Planner and model as flags and the run say, every default filled in. @throws ConfigError for a misspelt one */
function chosenOf(
  registry: ReturnType<typeof createRegistry>,
  config: Readonly<Record<string, unknown>>,
  others: Readonly<Record<string, unknown>>,
  options: OpenPlanningOptions,
): Chosen {
  const file = { ...others, algorithm: planningDefaults(config, options) };
  const flags = options.settings.map(({ path, text }) => `--algorithm.${path}=${text}`);
  return Chosen.parse(parseConfig(registry, assembleConfig(registry, { file, flags, plainFlags: [] })).parts.algorithm);
}

interface Wiring {
  readonly directory: string;
  readonly config: Readonly<Record<string, unknown>>;
  readonly algorithm: unknown;
  readonly pipeline: Pipeline;
  readonly chosen: Chosen;
}

async function wire(
  { directory, config, algorithm, pipeline, chosen }: Wiring,
  { quiet, signal }: OpenPlanningOptions,
): Promise<Planning> {
  const planner = pipeline.get(Planner);
  const asked = { directory, pipeline, planner, model: chosen.model, own: algorithm, quiet, signal };
  const model = await openModel(pipeline, await tensorsFor(asked));
  try {
    checkSeam(planner, model);
    const pessimism = pessimismOf(planner, model);
    const { replanEvery, budgetMilliseconds } = chosen;
    const described = { planner: chosen.planner, model: chosen.model };
    const close = async () => {
      await model.close();
      await pipeline.dispose();
    };
    return { pipeline, config, described, planner, model, pessimism, replanEvery, budgetMilliseconds, close };
  } catch (error) {
    await model.close();
    throw error;
  }
}

const openModel = async (pipeline: Pipeline, tensors: HostTensors): Promise<PlanningModel> =>
  pipeline
    .get(PlanningModelSource)
    .open({ dimensions: await pipeline.get(Dataset).info(), engine: pipeline.get(Engine), tensors });

import {
  ConfigError,
  createRegistry,
  createUntypedPipeline,
  Dataset,
  Evaluator,
  type Pipeline,
} from "@lowerbound/core";
import { snapshotNames } from "@lowerbound/runs";
import type { Command } from "commander";
import { loadComponents } from "../components.js";
import { assembleConfig } from "../config/assemble.js";
import { isRecord } from "../config/flag-tokens.js";
import { noEnvironment } from "../environment-of.js";
import { countOf } from "../options/count.js";
import { flagNames } from "../options/flag-names.js";
import type { Output } from "../output.js";
import { readRun } from "../run-command.js";
import { evaluationText } from "./evaluation-text.js";

interface EvaluateOptions {
  readonly episodes?: string;
  readonly seed?: string;
  readonly environment?: string;
  readonly checkpoint: string;
  readonly json?: boolean;
}

/** Register `evaluate`. */
export function addEvaluate(program: Command, output: Output): void {
  program
    .command("evaluate <run>")
    .summary("measure a run's policy in an environment")
    .description(
      "Measure the policy of a run in an environment: the run's own, the one its data came from, or another.\n\n" +
        "Options of the evaluation are flags as in train: --evaluation.episodes=20.",
    )
    .option("--episodes <number>", "episodes to run")
    .option("--seed <number>", "decides the episodes' starts (default: the evaluation's own, or 0)")
    .option("--environment <type>", "environment to run in")
    .option(
      "--checkpoint <name>",
      "which policy: last, best of the evaluations during training, or a candidate such as lambda-0.5",
      "last",
    )
    .option("--json", "print the result as JSON")
    .allowUnknownOption()
    .allowExcessArguments()
    .action((run: string, options: EvaluateOptions, command: Command) => evaluate(run, options, command, output));
}

async function evaluate(run: string, options: EvaluateOptions, command: Command, output: Output): Promise<void> {
  const seed = options.seed === undefined ? undefined : countOf(options.seed, "--seed");
  const { config, plugins } = await readRun(run);
  await checkSnapshot(run, options.checkpoint);
  const components = await loadComponents(plugins);
  const evaluation = await evaluationOf(config, options, components);
  const overrides = options.episodes === undefined ? [] : [`--evaluation.episodes=${options.episodes}`];
  const flags = [...overrides, ...command.args.slice(1)];
  const file = { ...config, evaluation: seeded(evaluation, seed) };
  const pipeline = createUntypedPipeline(
    components,
    assembleConfig(createRegistry(components), { file, flags, plainFlags: flagNames(command) }),
  );
  try {
    const result = await measure(pipeline, run, options.checkpoint, seed ?? 0);
    output.out(options.json === true ? `${JSON.stringify(result, null, 2)}\n` : `${evaluationText(result)}\n`);
  } finally {
    await pipeline.dispose();
  }
}

async function measure(pipeline: Pipeline, run: string, snapshot: string, seed: number) {
  const evaluator = pipeline.get(Evaluator);
  await evaluator.check?.(await pipeline.get(Dataset).info());
  const policy = await pipeline.policy({ directory: run, quiet: true }, snapshot);
  try {
    return await evaluator.evaluate(policy, seed);
  } finally {
    await policy.close();
  }
}

/** An evaluation with a seed of its own takes the one of the command line, where there is one. */
const seeded = (evaluation: unknown, seed: number | undefined): unknown =>
  seed !== undefined && isRecord(evaluation) && "seed" in evaluation ? { ...evaluation, seed } : evaluation;

/** The run's own evaluation, or one in the environment that is asked for or that the data name. */
async function evaluationOf(
  config: Readonly<Record<string, unknown>>,
  { environment }: EvaluateOptions,
  components: Parameters<typeof createUntypedPipeline>[0],
): Promise<unknown> {
  const own = config.evaluation;
  if (environment !== undefined) return { type: "simulator", environment: { type: environment } };
  if (own !== undefined) return own;
  const pipeline = createUntypedPipeline(components, config);
  try {
    const { environmentType } = await import("@lowerbound/environments");
    const { environmentId, name } = await pipeline.get(Dataset).info();
    const type = environmentId === undefined ? undefined : environmentType(environmentId);
    if (type !== undefined) return { type: "simulator", environment: { type } };
    throw noEnvironment(name);
  } finally {
    await pipeline.dispose();
  }
}

/** @throws ConfigError with the names that there are; a run without any is refused where its policy is read. */
async function checkSnapshot(run: string, name: string): Promise<void> {
  const kept = (await snapshotNames(run, "train")).filter((each) => !each.startsWith("step-"));
  if (kept.length === 0 || kept.includes(name)) return;
  throw new ConfigError(`no checkpoint is called "${name}"`, { where: "--checkpoint", expected: kept.join(", ") });
}

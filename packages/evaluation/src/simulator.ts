import {
  ConfigError,
  DataError,
  Dataset,
  type Dimensions,
  defineComponent,
  type EnvironmentFactory,
  EnvironmentSource,
  type EvaluationResult,
  type EvaluationStarts,
  Evaluator,
  slot,
} from "@lowerbound/core";
import { environmentFactory, episodeSeeds, rolloutEpisodes } from "@lowerbound/environments";
import { z } from "zod";
import { summarise } from "./summarise.js";

/** Whole episodes of a policy in a simulator. */
export const simulator = defineComponent({
  kind: Evaluator,
  type: "simulator",
  summary: "mean return of whole episodes in a simulator",
  documentation:
    "Undiscounted returns; episode e starts from a state drawn from the seed and e alone. The score is D4RL's, where the " +
    "task has reference returns. Every environment step is counted in the result.",
  config: z.object({
    environment: slot(EnvironmentSource)
      .optional()
      .describe("where to measure; left out, the environment that the data come from"),
    episodes: z.int().positive().default(10).describe("episodes to run"),
    every: z
      .int()
      .nonnegative()
      .default(0)
      .describe(
        "updates between evaluations during training; 0: only after it, so that training never sees the simulator",
      ),
    seed: z.int().nonnegative().optional().describe("decides the episodes' starts; left out, the run's seed"),
    parallel: z.int().positive().optional().describe("environments stepped together; left out, all, at most 10"),
    workers: z
      .int()
      .nonnegative()
      .default(0)
      .describe("threads that simulate; 0: this one. Results do not depend on it"),
    deterministic: z.boolean().default(true).describe("whether the policy gives its mode instead of a sample"),
  }),
  create: ({ environment, every, seed: ownSeed, parallel, ...options }, { optional }) => {
    const dataset = optional(Dataset);
    const factory = async () => environment ?? (await environmentOf(dataset));
    return {
      every,
      check: async (dimensions) => checkFits(await factory(), dimensions),
      evaluate: async (policy, seed, signal): Promise<EvaluationResult> => {
        const source = await factory();
        const rollout = await rolloutEpisodes(policy, source, {
          ...options,
          seed: ownSeed ?? seed,
          ...(parallel === undefined ? {} : { parallel }),
          ...(signal === undefined ? {} : { signal }),
        });
        return summarise(source.id, rollout);
      },
      starts: async (seed) => startsOf(await factory(), ownSeed ?? seed, options.episodes),
      close: async () => {},
    };
  },
});

/** The first observations of the episodes that a rollout with that seed plays. */
async function startsOf(factory: EnvironmentFactory, seed: number, episodes: number): Promise<EvaluationStarts> {
  const environment = await factory.create();
  try {
    const columns = environment.observationSpace.shape[0];
    const data = new Float32Array(episodes * columns);
    for (let e = 0; e < episodes; e++) data.set(environment.reset(episodeSeeds(seed, e).environment), e * columns);
    return { observations: { rows: episodes, columns, data }, timeLimit: environment.timeLimit };
  } finally {
    environment.close();
  }
}

/** The environment that the data name. @throws ConfigError if they name none, or one that is not here */
async function environmentOf(dataset: Dataset | undefined): Promise<EnvironmentFactory> {
  const info = await dataset?.info();
  if (info?.environmentId !== undefined) return environmentFactory(info.environmentId);
  throw new ConfigError(`${info?.name ?? "the configuration"} does not say which environment the data come from`, {
    where: "evaluation.environment",
    remedy: 'name one: evaluation: { environment: { type: ... } } ("lowerbound components environment" lists them)',
  });
}

/** @throws DataError if the data's observations or actions have other sizes than the environment's */
async function checkFits(factory: EnvironmentFactory, { observation, action }: Dimensions): Promise<void> {
  const environment = await factory.create();
  const expected = [environment.observationSpace.shape[0], environment.actionSpace.shape[0]] as const;
  environment.close();
  if (expected[0] === observation && expected[1] === action) return;
  throw new DataError(`the data have ${observation} observation and ${action} action entries`, {
    where: `evaluation.environment ${factory.id}`,
    expected: `${expected[0]} and ${expected[1]} entries`,
    remedy: "evaluate in the environment that the data come from",
  });
}

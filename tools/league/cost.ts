import { type RolloutParts, rolloutPartsOf } from "@lowerbound/actor-critic";
import {
  createUntypedPipeline,
  Dataset,
  DynamicsModel,
  Engine,
  type Fitted,
  Optimiser,
  Termination,
  UncertaintyPenalty,
} from "@lowerbound/core";
import { penalisedReward } from "@lowerbound/mopo";
import { readConfig, readFitted, readSnapshot } from "@lowerbound/runs";
import { standardComponents } from "@lowerbound/standard";
import { z } from "zod";
import { median } from "../../bench/statistics.js";
import { timedRollout } from "../../bench/works/timed-rollout.js";

const ROWS = 1000;
const ROUNDS = 30;
const WARM_UP = 5;

const Config = z.looseObject({ algorithm: z.looseObject({ penaltyCoefficient: z.number() }) });

/**
 * Time of an imagined step with a run's penalty over that without one: medians of steps that take turns.
 *
 * A penalty that lowers Bellman targets costs nothing in rollouts, so its ratio is 1 but for noise.
 */
export async function costOfPenalty(directory: string): Promise<number> {
  const config = await readConfig(directory);
  const pipeline = createUntypedPipeline(standardComponents, config);
  try {
    const { penaltyCoefficient } = Config.parse(config).algorithm;
    const parts = {
      dynamics: pipeline.get(DynamicsModel),
      penalty: pipeline.get(UncertaintyPenalty),
      termination: pipeline.get(Termination),
      optimiser: pipeline.get(Optimiser),
      hooks: penalisedReward(penaltyCoefficient),
    };
    const fitted = await fittedOf(directory);
    const dataset = pipeline.get(Dataset);
    const [withPenalty, without] = await Promise.all(
      [parts, { ...parts, penalty: undefined }].map((each) => rolloutPartsOf({ dataset, fitted }, each)),
    );
    const { tensors: policy } = (await readSnapshot(directory, "train", "last"))!;
    const observations = (await dataset.transitions()).observations.slice(
      0,
      ROWS * withPenalty!.dimensions.observation,
    );
    const engine = pipeline.get(Engine);
    return await ratio(engine, [withPenalty!, without!], { policy, observations });
  } finally {
    await pipeline.dispose();
  }
}

async function fittedOf(directory: string): Promise<(kindName: string) => Fitted> {
  const found = new Map<string, Fitted>();
  for (const { name } of [DynamicsModel, UncertaintyPenalty]) {
    const fitted = await readFitted(directory, name);
    if (fitted !== undefined) found.set(name, fitted);
  }
  return (name) => {
    const fitted = found.get(name);
    if (fitted === undefined) throw new Error(`${directory} has no fitted ${name}`);
    return fitted;
  };
}

async function ratio(engine: Engine, sides: readonly RolloutParts[], inputs: Parameters<typeof timedRollout>[2]) {
  const steps = await Promise.all(sides.map((parts) => timedRollout(engine, parts, inputs)));
  for (let round = 0; round < ROUNDS + WARM_UP; round++) for (const { step } of steps) await step();
  for (const { dispose } of steps) await dispose();
  const [withPenalty, without] = steps.map(({ times }) => median(times.slice(WARM_UP)));
  return withPenalty! / without!;
}

import { createHash } from "node:crypto";
import { join } from "node:path";
import { isDeepStrictEqual } from "node:util";
import {
  Dataset,
  Engine,
  FileError,
  type Fitted,
  type HostTensors,
  type Json,
  type Pipeline,
  type Planner,
  PlanningModelSource,
  Random,
  type RunHandle,
  RunStore,
} from "@lowerbound/core";
import { asksForPrior } from "@lowerbound/planners";
import { readFitted, readSnapshot } from "@lowerbound/runs";
import { z } from "zod";

export interface TensorsFor {
  readonly directory: string;
  readonly pipeline: Pipeline;
  readonly planner: Planner;
  /** The model's configuration. */
  readonly model: { readonly type: string };
  /** The algorithm of the run. */
  readonly own: unknown;
  readonly quiet: boolean;
  readonly signal: AbortSignal;
}

/** Built-in models that nothing has to be trained for, but for a prior. */
const FITTED_ALREADY: readonly string[] = ["dynamics", "simulator", "trajectory-transformer"];

/**
 * Tensors to plan with: those that the run's own planning trained where they suffice, else its fitted parts.
 *
 * A prior that is missing is trained once and kept in the run's folder, under planning/.
 * @throws FileError if the run has no fitted model
 */
export async function tensorsFor(asked: TensorsFor): Promise<HostTensors> {
  const { directory, model, own, planner } = asked;
  const kept = suits(own, model) ? await readSnapshot(directory, "train", "last") : undefined;
  const wantsPrior = model.type === "dynamics" && asksForPrior(planner);
  if (kept !== undefined && !(wantsPrior && !hasPrior(kept.tensors))) return kept.tensors;
  return FITTED_ALREADY.includes(model.type) && !wantsPrior ? prepareWith(asked, unopened(asked)) : trainedOnce(asked);
}

const Model = z.looseObject({ type: z.string(), prior: z.unknown().optional() });
const Own = z.looseObject({ type: z.literal("planning"), model: Model });

/** Whether what the run's own planning trained is of this model: of its type, and of its prior. */
function suits(algorithm: unknown, model: unknown): boolean {
  const [own, asked] = [Own.safeParse(algorithm).data?.model, Model.parse(model)];
  return own !== undefined && own.type === asked.type && isDeepStrictEqual(own.prior, asked.prior);
}

const hasPrior = (tensors: HostTensors): boolean => Object.keys(tensors).some((name) => name.startsWith("prior/"));

/** A window on nothing: writing through it throws. */
const unopened = ({ directory, pipeline, quiet, signal }: TensorsFor) =>
  pipeline
    .get(RunStore)
    .create({ directory, quiet, signal })
    .then((run) => run.phase("train"));

async function trainedOnce(asked: TensorsFor): Promise<HostTensors> {
  const { directory, pipeline, model, quiet, signal } = asked;
  const { fingerprint } = await pipeline.get(Dataset).info();
  const config = { model, fingerprint, seed: pipeline.config.seed } as unknown as Json;
  const address = createHash("sha256").update(JSON.stringify(config)).digest("hex").slice(0, 16);
  const run = await pipeline.get(RunStore).create({ directory: join(directory, "planning", address), quiet, signal });
  try {
    await run.open(config);
    const handle = run.phase("train");
    const known = await handle.kept("last");
    if (known !== undefined) return known.tensors;
    const tensors = await prepareWith(asked, Promise.resolve(handle));
    await handle.keep("last", { step: 0, tensors, data: {} });
    return tensors;
  } finally {
    await run.close();
  }
}

async function prepareWith(
  { directory, pipeline, planner }: TensorsFor,
  run: Promise<RunHandle>,
): Promise<HostTensors> {
  const fitted = await fittedParts(directory, Object.keys(pipeline.config.parts));
  const prepared = await pipeline.get(PlanningModelSource).prepare(
    {
      dataset: pipeline.get(Dataset),
      engine: pipeline.get(Engine),
      random: Random.fromSeed(pipeline.config.seed).stream("train"),
      run: await run,
      fitted: (name) => fitted.get(name)?.() ?? missing(directory, name),
      evaluator: undefined,
    },
    planner,
  );
  return prepared.tensors;
}

/**
 * All of the run's, as in training: a planning model of the user's own may need any of them. One that cannot be read
 * throws when it is asked for.
 */
async function fittedParts(
  directory: string,
  kinds: readonly string[],
): Promise<ReadonlyMap<string, () => Fitted | undefined>> {
  const found = new Map<string, () => Fitted | undefined>();
  for (const kind of kinds) {
    const read = await readFitted(directory, kind).then(
      (fitted) => () => fitted,
      (error: unknown) => () => {
        throw error;
      },
    );
    found.set(kind, read);
  }
  return found;
}

function missing(directory: string, name: string): never {
  throw new FileError(`the run has no fitted ${name}`, {
    where: directory,
    expected: `a run with a ${name} part whose fit is finished`,
    remedy: "plan in another model: --model simulator, or one that is fitted by itself",
  });
}

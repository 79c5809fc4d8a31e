import {
  type Checkpoint,
  type Dimensions,
  type Engine,
  finiteOrNull,
  type HostTensors,
  NumericalError,
  type RunHandle,
  scoped,
  type TensorState,
  unscoped,
  zeros,
} from "@lowerbound/core";
import { nonFiniteTensors } from "@lowerbound/nn";
import { z } from "zod";
import { chooseElites, freshPatience, judge, type Patience, UNTRIED } from "./early-stopping.js";
import { type Batches, compileBatches, compileHoldout, type Holdout } from "./epoch.js";
import { trainedSpecs } from "./network.js";
import type { EnsembleOptions } from "./options.js";
import { updateState } from "./programs.js";
import { emptySnapshots, takeSnapshot } from "./snapshots.js";
import type { Table } from "./table.js";

export type FitOptions = Omit<EnsembleOptions, "holdoutRatio" | "maximumHoldout">;

/** One fit: standardised rows, who sees which, and where to begin. */
export interface FitJob {
  readonly engine: Engine;
  readonly run: RunHandle;
  readonly dimensions: Dimensions;
  readonly options: FitOptions;
  readonly table: Table;
  readonly trainRows: number;
  readonly holdoutRows: Int32Array;
  /** Rows of an epoch [members, trainRows]; the same whenever asked. */
  readonly epochRows: (epoch: number) => Int32Array;
  readonly initial: () => HostTensors;
}

const historySchema = z.object({
  trainLosses: z.array(z.number()),
  /** Null what was not finite. */
  holdoutErrors: z.array(z.array(z.number().nullable())),
  improved: z.array(z.array(z.number())),
});
const positionSchema = z.object({
  epoch: z.number(),
  batch: z.number(),
  lossSum: z.number(),
  patience: z.object({ best: z.array(z.number()).readonly(), epochsWithout: z.number() }),
  history: historySchema,
});
type Position = z.output<typeof positionSchema>;

/** Figures of each epoch, oldest first. */
export type FitHistory = z.output<typeof historySchema>;

export interface EnsembleFit {
  /** Each member at its best epoch; bounds [members, 1, observation + 1]. */
  readonly best: HostTensors;
  /** All members as they were at the end; bounds [observation + 1]. */
  readonly last: HostTensors;
  /** Least holdout error of each member. */
  readonly errors: readonly number[];
  readonly elites: Int32Array;
  readonly history: FitHistory;
}

const CHECKPOINT_EVERY = 1000;
const REMEDY = "look for NaN or huge values with `lowerbound data doctor`, or lower dynamics.learningRate";

/**
 * Train the ensemble until no member improved for a while, from the newest checkpoint if there is one.
 *
 * @throws NumericalError naming tensor and update when the loss stops being finite (the last checkpoint stays good), or
 * members whose holdout error never was.
 */
export async function fitEnsemble(job: FitJob): Promise<EnsembleFit> {
  const { engine, run, dimensions, options, table } = job;
  const session = restore(job, await run.latest());
  const batches = await compileBatches(engine, dimensions, options, job);
  const holdout = await compileHoldout(engine, dimensions, options, { table, holdoutRows: job.holdoutRows });
  const progress = run.progress("ensemble", options.maximumEpochs * batches.count);
  try {
    while (!finished(session.position, options)) await trainEpoch(job, session, { batches, holdout, progress });
  } finally {
    progress.stop();
    await batches.dispose();
    await holdout.dispose();
  }
  return resultOf(job, session);
}

interface Session {
  readonly state: TensorState;
  readonly snapshots: HostTensors;
  position: Position;
}

function restore(job: FitJob, checkpoint: Checkpoint | undefined): Session {
  const { dimensions, options } = job;
  if (checkpoint !== undefined) {
    const state: TensorState = new Map(Object.entries(unscoped("state", checkpoint.tensors)));
    return { state, snapshots: unscoped("best", checkpoint.tensors), position: positionSchema.parse(checkpoint.data) };
  }
  const initial = job.initial();
  const specs = updateState(dimensions, options);
  const state: TensorState = new Map(Object.entries(specs).map(([name, spec]) => [name, initial[name] ?? zeros(spec)]));
  const history = { trainLosses: [], holdoutErrors: [], improved: [] };
  const position = { epoch: 0, batch: 0, lossSum: 0, patience: freshPatience(options.members), history };
  return { state, snapshots: emptySnapshots(initial, options.members), position };
}

const finished = ({ epoch, patience }: Position, { patienceEpochs, maximumEpochs }: FitOptions): boolean =>
  patience.epochsWithout >= patienceEpochs || epoch >= maximumEpochs;

interface EpochTools {
  readonly batches: Batches;
  readonly holdout: Holdout;
  readonly progress: ReturnType<RunHandle["progress"]>;
}

async function trainEpoch(job: FitJob, session: Session, { batches, holdout, progress }: EpochTools): Promise<void> {
  const { run } = job;
  const rows = job.epochRows(session.position.epoch);
  while (session.position.batch < batches.count) {
    const { epoch, batch, lossSum } = session.position;
    const update = epoch * batches.count + batch;
    const loss = await batches.run(session.state, rows, batch);
    if (!Number.isFinite(loss)) throw lost(session, update);
    session.position = { ...session.position, batch: batch + 1, lossSum: lossSum + loss };
    progress.update(update + 1, { epoch: epoch + 1, loss: (lossSum + loss) / (batch + 1) });
    if (run.signal.aborted || (update + 1) % CHECKPOINT_EVERY === 0) await save(job, session, update + 1);
    run.signal.throwIfAborted();
  }
  closeEpoch(job, session, await holdout.errors(session.state), batches.count);
}

function closeEpoch({ run, options }: FitJob, session: Session, errors: Float32Array, batches: number): void {
  const { epoch, lossSum, patience, history } = session.position;
  const verdict = judge(patience, errors, options.relativeImprovement);
  for (const member of verdict.improved) takeSnapshot(session.snapshots, session.state, member);
  const trainLoss = lossSum / batches;
  const holdoutError = errors.reduce((total, error) => total + error / errors.length, 0);
  run.log((epoch + 1) * batches, { epoch: epoch + 1, trainLoss, holdoutError, improved: verdict.improved.length });
  session.position = {
    epoch: epoch + 1,
    batch: 0,
    lossSum: 0,
    patience: { best: [...verdict.patience.best], epochsWithout: verdict.patience.epochsWithout },
    history: {
      trainLosses: [...history.trainLosses, trainLoss],
      holdoutErrors: [...history.holdoutErrors, Array.from(errors, finiteOrNull)],
      improved: [...history.improved, [...verdict.improved]],
    },
  };
}

async function save({ run }: FitJob, { state, snapshots, position }: Session, step: number): Promise<void> {
  const tensors = { ...scoped("state", Object.fromEntries(state)), ...scoped("best", snapshots) };
  await run.checkpoint({ step, tensors, data: position });
}

function lost({ state }: Session, update: number): NumericalError {
  const tensors = nonFiniteTensors(state);
  return new NumericalError(`the ensemble's loss is not finite since update ${update + 1}`, {
    where: `dynamics: tensors ${(tensors.length > 0 ? tensors : ["loss"]).join(", ")}`,
    remedy: REMEDY,
  });
}

/** No weights of a member were kept whose holdout error was never finite. */
function checkKept({ best }: Patience): void {
  const members = best.flatMap((error, member) => (error === UNTRIED ? [member] : []));
  if (members.length === 0) return;
  throw new NumericalError("the ensemble's error on transitions held out was never finite", {
    where: `dynamics: members ${members.join(", ")}`,
    remedy: REMEDY,
  });
}

function resultOf({ dimensions, options }: FitJob, { state, snapshots, position }: Session): EnsembleFit {
  const names = Object.keys(trainedSpecs(dimensions, options));
  checkKept(position.patience);
  const { best } = position.patience;
  return {
    best: snapshots,
    last: Object.fromEntries(names.map((name) => [name, state.get(name)!])),
    errors: best,
    elites: chooseElites(best, options.elites),
    history: position.history,
  };
}

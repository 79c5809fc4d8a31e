import {
  type CompiledProgram,
  type Engine,
  type Matrix,
  NumericalError,
  type Random,
  type TensorState,
  type Transitions,
} from "@lowerbound/core";
import { matrixOf, pickRows } from "./act-all.js";
import type { FqeOptions } from "./fqe-options.js";
import { copiesAfter, fqeProgram, fqeValueProgram, initialiseFqe } from "./fqe-program.js";
import { type Scaling, scaled, scalingOf } from "./scaling.js";
import { valuesOf } from "./values-of.js";

export interface FqeJob {
  readonly engine: Engine;
  readonly transitions: Transitions;
  /** The evaluated policy's action at each next observation, [count, action]. */
  readonly nextActions: Matrix;
  readonly options: FqeOptions;
  /** In [0, 1). */
  readonly discount: number;
  readonly random: Random;
  readonly onProgress?: (update: number) => void;
  readonly signal?: AbortSignal;
}

/** Action values of a policy, fitted to logged transitions. */
export interface FittedQ {
  /** Discounted values of pairs, [rows], in the data's units. */
  values(observations: Matrix, actions: Matrix): Promise<Float64Array>;
  /** Mean loss over the last hundred updates, in units of the scaled rewards. */
  readonly loss: number;
  dispose(): Promise<void>;
}

const RECENT = 100;
const VALUE_BATCH = 1024;

/**
 * Fitted Q evaluation: values of a policy from logged transitions alone.
 *
 * Observations are standardised and rewards scaled by (1 - discount) over their mean size, so that values are of order
 * one whatever the task; `values` undoes it. Actions at next observations are chosen once, before the fit: so any policy
 * can be evaluated, and a stochastic one is represented by one draw a transition.
 *
 * @throws NumericalError when the loss stops being finite; so does `values` for values that are not
 */
export async function fitQEvaluation(job: FqeJob): Promise<FittedQ> {
  const { engine, transitions, options, discount, random } = job;
  const scaling = scalingOf(transitions);
  const unit = (1 - discount) / scaling.reward;
  const program = await engine.compile(fqeProgram(transitions, options, options.batchSize));
  const state: TensorState = new Map(Object.entries(initialiseFqe(random.stream("initialise"), transitions, options)));
  const loss = await trainQ(job, { program, state, scaling, unit }).finally(() => program.dispose());
  const valuer = await engine.compile(fqeValueProgram(transitions, options, VALUE_BATCH));
  const critic: TensorState = new Map([["critic", state.get("critic")!]]);
  return {
    loss,
    values: async (observations, actions) => {
      const values = await valuesOf(valuer, critic, scaled(observations, scaling), actions);
      if (!values.every(Number.isFinite)) throw diverged("the fitted values are not finite");
      return values.map((value) => value / unit);
    },
    dispose: () => valuer.dispose(),
  };
}

interface Training {
  readonly program: CompiledProgram;
  readonly state: TensorState;
  readonly scaling: Scaling;
  readonly unit: number;
}

async function trainQ(job: FqeJob, { program, state, scaling, unit }: Training): Promise<number> {
  const { transitions, options, random, onProgress, signal } = job;
  const batchOf = createBatches(job, scaling, unit);
  const picks = new Int32Array(options.batchSize);
  const sampler = random.stream("batches");
  const recent: number[] = [];
  for (let update = 0; update < options.updates; update++) {
    signal?.throwIfAborted();
    const copy = Float32Array.of(copiesAfter(update, options) ? 1 : 0);
    const inputs = batchOf(sampler.integers(picks, transitions.count));
    const { loss } = await program.run(state, { ...inputs, copy });
    recent[update % RECENT] = finite(loss!.data[0]!, update);
    onProgress?.(update + 1);
  }
  return recent.reduce((sum, value) => sum + value, 0) / recent.length;
}

/** Rows of the data as {@link fqeUpdate} takes them. */
function createBatches({ transitions, nextActions, discount }: FqeJob, scaling: Scaling, unit: number) {
  const { observation, action, rewards, terminations } = transitions;
  const observations = scaled(matrixOf(transitions.observations, observation), scaling);
  const next = scaled(matrixOf(transitions.nextObservations, observation), scaling);
  const actions = matrixOf(transitions.actions, action);
  return (picks: Int32Array): Record<string, Float32Array> => ({
    observation: pickRows(observations, picks).data,
    action: pickRows(actions, picks).data,
    reward: Float32Array.from(picks, (row) => rewards[row]! * unit),
    nextObservation: pickRows(next, picks).data,
    nextAction: pickRows(nextActions, picks).data,
    continuation: Float32Array.from(picks, (row) => discount * (1 - terminations[row]!)),
  });
}

function finite(loss: number, update: number): number {
  if (Number.isFinite(loss)) return loss;
  throw diverged(`the loss is ${loss} after ${update} updates`);
}

const diverged = (what: string): NumericalError =>
  new NumericalError(what, {
    where: "fitted Q evaluation",
    remedy: "lower the learning rate, or raise the interval between copies to the targets",
  });

import {
  CapabilityError,
  type Engine,
  float32,
  type Matrix,
  overRows,
  type Policy,
  type Random,
  scoped,
  type TensorProgram,
  type TensorState,
  type Transitions,
  unscoped,
} from "@lowerbound/core";
import * as tf from "@tensorflow/tfjs";
import type { PenaltyLearner } from "../../calibration/penalise.js";
import { actAll, matrixOf } from "../../off-policy/act-all.js";
import { fitQEvaluation } from "../../off-policy/fqe-fit.js";
import type { FqeOptions } from "../../off-policy/fqe-options.js";

/** An estimate of a policy's value of observations. */
export interface StateValues {
  readonly source: "fqe" | "critic" | "given";
  /** V of observations [rows, observation] that are not terminal -> [rows]. */
  values(observations: Matrix): Promise<Float64Array>;
  dispose(): Promise<void>;
}

export interface FittedValuesJob {
  readonly engine: Engine;
  readonly transitions: Transitions;
  readonly policy: Policy;
  readonly options: FqeOptions;
  readonly discount: number;
  readonly seed: number;
  readonly random: Random;
  readonly signal?: AbortSignal | undefined;
}

/** Values of a policy's mode by fitted Q evaluation of logged transitions: V(s) = Q(s, pi(s)). */
export async function fittedValues(job: FittedValuesJob): Promise<StateValues> {
  const { transitions, policy, seed, signal, ...rest } = job;
  const act = (observations: Matrix) => actAll(policy, observations, { deterministic: true, seed });
  const fitted = await fitQEvaluation({
    ...rest,
    transitions,
    nextActions: await act(matrixOf(transitions.nextObservations, transitions.observation)),
    ...(signal === undefined ? {} : { signal }),
  });
  return {
    source: "fqe",
    values: async (observations) => fitted.values(observations, await act(observations)),
    dispose: fitted.dispose,
  };
}

const ROWS = 1024;

/** Values of the trained critic at its policy's mode: those of the training's own reward. @throws CapabilityError */
export async function criticValues(
  engine: Engine,
  learner: PenaltyLearner | undefined,
  dimensions: { readonly observation: number; readonly action: number },
): Promise<StateValues> {
  const critic = learner?.critic;
  if (learner === undefined || critic === undefined) {
    throw new CapabilityError("the run has no critic", { remedy: "fit one to the data: --value fqe" });
  }
  const specs = { ...learner.policy.state(dimensions), ...critic.state(dimensions) };
  const program: TensorProgram = {
    name: "state-values",
    state: scoped("learner", specs),
    inputs: { observation: float32(ROWS, dimensions.observation) },
    noise: {},
    fn: (given) => {
      const learnt = unscoped("learner", given);
      const action = learner.policy.act(given.observation!, learnt, undefined);
      return { value: tf.reshape(tf.mean(critic.value(given.observation!, action, learnt), 0), [ROWS]) };
    },
  };
  const compiled = await engine.compile(program);
  const state: TensorState = new Map(
    Object.keys(specs).map((name) => [`learner/${name}`, learner.tensors[name]!] as const),
  );
  return {
    source: "critic",
    values: async ({ data, rows }) => {
      const { value } = await overRows(compiled, state, { inputs: { observation: data }, count: rows });
      return Float64Array.from(value ?? []);
    },
    dispose: () => compiled.dispose(),
  };
}

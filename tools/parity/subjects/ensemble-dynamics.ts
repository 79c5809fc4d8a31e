import { type Engine, type HostTensors, type TensorState, zeros } from "@lowerbound/core";
import {
  chooseElites,
  ensembleForward,
  ensembleGradients,
  ensembleUpdateProgram,
  fitScaler,
  holdoutProgram,
  type Scaler,
  standardise,
  standardiseTable,
  type Table,
  tableOf,
} from "@lowerbound/dynamics-ensemble";
import { checkAll, type Fixture, type FixtureCheck } from "@lowerbound/testing";
import * as tf from "@tensorflow/tfjs";
import { compute, floats, host, integers } from "./compute.js";
import { ensembleParameters, ensembleSetup, publicName } from "./ensemble-layout.js";
import { loopSubject } from "./ensemble-loop.js";

/** Ensemble: elites alone, single updates, or a whole fit, whichever the golden file holds. */
export async function ensembleDynamicsSubject(fixture: Fixture, engine: Engine): Promise<readonly FixtureCheck[]> {
  if (fixture.tensors.has("in.epoch_idx")) return loopSubject(fixture, engine);
  return fixture.tensors.has("in.losses.0") ? elitesSubject(fixture) : stepsSubject(fixture, engine);
}

function elitesSubject(fixture: Fixture): readonly FixtureCheck[] {
  return fixture.names("in.losses.").flatMap((name) => {
    const out = name.replace("in.losses", "out.elites");
    return checkAll(fixture, { [out]: chooseElites(fixture.tensor(name).data, fixture.tensor(out).data.length) });
  });
}

/** The data of a golden file as supervised rows, not yet standardised, and the scaler of its training rows. */
export function goldenTable(fixture: Fixture): { table: Table; scaler: Scaler; trainIndex: Int32Array } {
  const { dimensions } = ensembleSetup(fixture);
  const rewards = floats(fixture, "in.data.rew");
  const table = tableOf({
    ...dimensions,
    count: rewards.length,
    observations: floats(fixture, "in.data.obs"),
    actions: floats(fixture, "in.data.act"),
    nextObservations: floats(fixture, "in.data.next_obs"),
    rewards,
    terminations: new Uint8Array(rewards.length),
    episodeStarts: Int32Array.of(0, rewards.length),
  });
  const trainIndex = integers(fixture, "in.train_idx");
  return { table, scaler: fitScaler(table, trainIndex), trainIndex };
}

/** Rows `index` of a table, joined. */
export function rowsAt({ input, output, inputs, targets }: Table, index: Int32Array) {
  const piece = (data: Float32Array, size: number) =>
    Float32Array.from([...index].flatMap((row) => [...data.subarray(row * size, (row + 1) * size)]));
  return { inputs: piece(inputs, input), targets: piece(targets, output) };
}

async function stepsSubject(fixture: Fixture, engine: Engine): Promise<readonly FixtureCheck[]> {
  const { table, scaler, trainIndex } = goldenTable(fixture);
  const parameters = ensembleParameters(fixture, "params.");
  const targets = table.targets.slice();
  standardiseTable(table, scaler);
  return [
    ...checkAll(fixture, {
      "out.scaler.mean": scaler.mean,
      "out.scaler.std": scaler.std,
      "out.targets": targets,
      ...(await predictions(fixture, engine, scaler, parameters)),
    }),
    ...(await firstGradients(fixture, engine, { table, trainIndex, parameters })),
    ...(await updates(fixture, engine, { table, trainIndex, parameters })),
  ];
}

async function predictions(fixture: Fixture, engine: Engine, scaler: Scaler, parameters: HostTensors) {
  const { eval_scaled, mean, logVar } = await compute(
    engine,
    {
      ...parameters,
      observation: host(fixture.tensor("in.eval.obs")),
      action: host(fixture.tensor("in.eval.act")),
      inputMean: { dtype: "float32", shape: [scaler.mean.length], data: scaler.mean },
      inputStd: { dtype: "float32", shape: [scaler.std.length], data: scaler.std },
    },
    (tensors) => {
      const inputs = standardise(tf.concat([tensors.observation!, tensors.action!], -1), tensors);
      return { eval_scaled: inputs, ...ensembleForward(tf.expandDims(inputs, 0), tensors) };
    },
  );
  return { "out.eval_scaled": eval_scaled!, "out.mean": mean!, "out.logvar": logVar! };
}

interface Steps {
  readonly table: Table;
  readonly trainIndex: Int32Array;
  readonly parameters: HostTensors;
}

function batchAt(fixture: Fixture, { table, trainIndex }: Steps, step: number) {
  const { shape, data } = fixture.tensor("in.batch_idx");
  const size = data.length / shape[0]!;
  return rowsAt(
    table,
    Int32Array.from(data.subarray(step * size, (step + 1) * size), (k) => trainIndex[k]!),
  );
}

async function firstGradients(fixture: Fixture, engine: Engine, steps: Steps): Promise<readonly FixtureCheck[]> {
  const { options } = ensembleSetup(fixture);
  const batch = batchAt(fixture, steps, 0);
  const { table, parameters } = steps;
  const shape = (dim: number) => [options.members, options.batchSize, dim];
  const results = await compute(
    engine,
    {
      ...parameters,
      "in/inputs": { dtype: "float32", shape: shape(table.input), data: batch.inputs },
      "in/targets": { dtype: "float32", shape: shape(table.output), data: batch.targets },
    },
    ({ "in/inputs": inputs, "in/targets": targets, ...params }) => {
      const { gradients, extras } = ensembleGradients(params, { inputs: inputs!, targets: targets! }, options);
      const named = Object.entries(gradients).map(([name, gradient]) => [`grad/${name}`, gradient] as const);
      return { ...extras, ...Object.fromEntries(named) };
    },
  );
  const hidden = options.hiddenSizes.length;
  const gradients = Object.keys(parameters).map(
    (name) => [`grad.${publicName(name, hidden)}`, results[`grad/${name}`]!] as const,
  );
  return checkAll(fixture, {
    "out.loss_terms.weighted_mse": results.weightedError!,
    "out.loss_terms.logvar": results.logVar!,
    "out.loss_terms.logvar_bounds": results.bounds!,
    "out.loss_terms.decay": results.decay!,
    ...Object.fromEntries(gradients),
  });
}

async function updates(fixture: Fixture, engine: Engine, steps: Steps): Promise<readonly FixtureCheck[]> {
  const { dimensions, options } = ensembleSetup(fixture);
  const program = await engine.compile(ensembleUpdateProgram(dimensions, options, options.batchSize));
  const state: TensorState = new Map(
    Object.entries(program.program.state).map(([name, spec]) => [name, steps.parameters[name] ?? zeros(spec)]),
  );
  const losses: number[] = [];
  const checks: FixtureCheck[] = [];
  for (let step = 0; step < fixture.tensor("in.batch_idx").shape[0]!; step++) {
    const { loss } = await program.run(state, batchAt(fixture, steps, step));
    losses.push(loss!.data[0]!);
    const prefix = `after${step + 1}.`;
    if (fixture.names(prefix).length > 0) checks.push(...checkState(fixture, prefix, state));
  }
  await program.dispose();
  const errors = await holdoutErrors(fixture, engine, steps.table, state);
  const elites = chooseElites(errors, options.elites);
  return [...checks, ...checkAll(fixture, { "out.loss": losses, "out.holdout_losses": errors, "out.elites": elites })];
}

/** Trained tensors of a state against golden ones under a prefix. */
export function checkState(fixture: Fixture, prefix: string, state: TensorState): readonly FixtureCheck[] {
  const hidden = ensembleSetup(fixture).options.hiddenSizes.length;
  const names = [...state.keys()].filter((name) => /^(weight|bias)\d+$|LogVar$/.test(name) && !name.includes("/"));
  return checkAll(
    fixture,
    Object.fromEntries(names.map((name) => [`${prefix}${publicName(name, hidden)}`, state.get(name)!.data])),
  );
}

async function holdoutErrors(fixture: Fixture, engine: Engine, table: Table, state: TensorState) {
  const { dimensions, options } = ensembleSetup(fixture);
  const rows = integers(fixture, "in.holdout_idx");
  const program = await engine.compile(holdoutProgram(dimensions, options, rows.length));
  const { errors } = await program.run(state, rowsAt(table, rows));
  const copy = Float32Array.from(errors!.data);
  await program.dispose();
  return copy;
}

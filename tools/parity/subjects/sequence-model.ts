import { type Engine, type HostTensors, type TensorState, type TypedArray, zerosOf } from "@lowerbound/core";
import { flattenHost, momentSpecs, unflattenHost } from "@lowerbound/nn";
import { checkAll, type Fixture, type FixtureCheck } from "@lowerbound/testing";
import {
  byPosition,
  forward,
  gptLayouts,
  gradientNorm,
  learningRateAfter,
  parametersOf,
  targetWeights,
  tokenGradients,
  tokenUpdateProgram,
  updateState,
} from "@lowerbound/trajectory-transformer";
import type { Tensor } from "@tensorflow/tfjs";
import * as tf from "@tensorflow/tfjs";
import { z } from "zod";
import { compute, floats, host, integers } from "./compute.js";
import { architectureOf, ourParameters, publicParameters } from "./gpt-layout.js";

const schema = z.looseObject({
  action_size: z.int(),
  action_weight: z.number(),
  reward_weight: z.number(),
  value_weight: z.number(),
  learning_rate: z.number().default(0),
  weight_decay: z.number().default(0),
  betas: z.tuple([z.number(), z.number()]).default([0.9, 0.95]),
  adam_epsilon: z.number().default(1e-8),
  gradient_clip: z.number().default(1),
});

function setupOf(fixture: Fixture) {
  const h = schema.parse(fixture.hyperparameters);
  const architecture = architectureOf(fixture);
  const weights = targetWeights(
    { actionWeight: h.action_weight, rewardWeight: h.reward_weight, valueWeight: h.value_weight },
    { transition: architecture.transition, actionSize: h.action_size },
  );
  const options = {
    weightDecay: h.weight_decay,
    adamBetas: h.betas,
    adamEpsilon: h.adam_epsilon,
    gradientClip: h.gradient_clip,
    dropout: 0,
  };
  return { architecture, weights, options, learningRate: h.learning_rate };
}

/** Fresh state of the update with the golden parameters. */
function stateOf(fixture: Fixture): HostTensors {
  const { architecture } = setupOf(fixture);
  const layouts = gptLayouts(architecture);
  const parameters = ourParameters(fixture, "params.");
  const flat = {
    decayed: flattenHost(parameters, layouts.decayed),
    undecayed: flattenHost(parameters, layouts.undecayed),
  };
  const { clock } = updateState(architecture);
  return { ...flat, ...zerosOf(momentSpecs(flat)), clock: { ...clock!, data: new Float32Array(2) } };
}

/** Flat vectors by public names. */
function published(fixture: Fixture, prefix: string, flat: Readonly<Record<string, { readonly data: TypedArray }>>) {
  const layouts = gptLayouts(architectureOf(fixture));
  const cut = (name: "decayed" | "undecayed") => unflattenHost(Float32Array.from(flat[name]!.data), layouts[name]);
  return publicParameters(fixture, prefix, { ...cut("decayed"), ...cut("undecayed") });
}

/** Logits, attention, loss and gradients; with an optimiser's settings one step. */
export async function sequenceModelSubject(fixture: Fixture, engine: Engine): Promise<readonly FixtureCheck[]> {
  const { architecture, weights, options } = setupOf(fixture);
  const { decayed, undecayed } = stateOf(fixture);
  const inputs = { decayed: decayed!, undecayed: undecayed!, ...batchOf(fixture) };
  const found = await compute(engine, inputs, (tensors) => {
    const { loss, gradients } = tokenGradients(tensors, { architecture, weights }, options);
    return { ...networkOutputs(tensors, fixture), loss, gradient_norm: gradientNorm(gradients), ...renamed(gradients) };
  });
  const { "grad/decayed": one, "grad/undecayed": other, ...outputs } = found;
  const wanted = Object.entries(outputs).filter(([name]) => fixture.tensors.has(`out.${name}`));
  return checkAll(fixture, {
    ...Object.fromEntries(wanted.map(([name, data]) => [`out.${name}`, data])),
    ...published(fixture, "grad.", { decayed: { data: one! }, undecayed: { data: other! } }),
    ...(await oneStep(fixture, engine)),
  });
}

const batchOf = (fixture: Fixture): HostTensors => {
  const mask = fixture.tensor("in.mask");
  const names = ["tokens", "targets", "short_tokens"].filter((name) => fixture.tensors.has(`in.${name}`));
  const tokens = names.map((name) => [name, host(fixture.tensor(`in.${name}`))] as const);
  const counts = { dtype: "float32", shape: mask.shape, data: Float32Array.from(mask.data) } as const;
  return { ...Object.fromEntries(tokens), mask: counts };
};

const renamed = (gradients: Readonly<Record<string, Tensor>>) =>
  Object.fromEntries(Object.entries(gradients).map(([name, tensor]) => [`grad/${name}`, tensor]));

function networkOutputs(tensors: Readonly<Record<string, Tensor>>, fixture: Fixture): Record<string, Tensor> {
  const architecture = architectureOf(fixture);
  const params = parametersOf(tensors, architecture);
  const run = (tokens: Tensor) => {
    const seen = forward(tokens, params, architecture);
    return { seen, logits: byPosition(seen.byPlace, tokens.shape[0]!, tokens.shape[1]!) };
  };
  const { seen, logits } = run(tensors.tokens!);
  const [heads, block] = [architecture.heads, tensors.tokens!.shape[1]!];
  const attention_layer0_row0 = tf.slice(tf.softmax(seen.scores[0]!, -1), [0, 0, 0, 0], [1, heads, block, block]);
  const short = tensors.short_tokens === undefined ? {} : { short_logits: run(tensors.short_tokens).logits };
  return { logits, attention_layer0_row0, ...short };
}

async function oneStep(fixture: Fixture, engine: Engine): Promise<Record<string, Float32Array>> {
  if (fixture.names("after1.").length === 0) return {};
  const { learningRate } = setupOf(fixture);
  const { state } = await steps(fixture, engine, () => learningRate, [rowsOf(fixture)]);
  return published(fixture, "after1.", { decayed: state.get("decayed")!, undecayed: state.get("undecayed")! });
}

/** All rows of the golden batch. */
const rowsOf = (fixture: Fixture): readonly number[] => [...Array(fixture.tensor("in.tokens").shape[0]!).keys()];

/** Updates on batches of given rows, the learning rate of each by the tokens counted before it. */
async function steps(
  fixture: Fixture,
  engine: Engine,
  rate: (tokens: number) => number,
  batches: readonly (readonly number[])[],
) {
  const { options, ...sizes } = setupOf(fixture);
  const tokens = fixture.tensor("in.tokens").shape[1]!;
  const all = {
    tokens: integers(fixture, "in.tokens"),
    targets: integers(fixture, "in.targets"),
    mask: floats(fixture, "in.mask"),
  };
  const pick = <T extends TypedArray>(data: T, rows: readonly number[]) =>
    rows.flatMap((row) => [...data.subarray(row * tokens, (row + 1) * tokens)]);
  const state: TensorState = new Map(Object.entries(stateOf(fixture)));
  const log = { rates: [] as number[], losses: [] as number[], counted: 0 };
  for (const rows of batches) {
    const program = await engine.compile(tokenUpdateProgram({ ...sizes, batch: rows.length, tokens }, options));
    const targets = Int32Array.from(pick(all.targets, rows));
    log.rates.push(rate(log.counted));
    const { loss } = await program.run(state, {
      tokens: Int32Array.from(pick(all.tokens, rows)),
      targets,
      mask: Float32Array.from(pick(all.mask, rows)),
      learningRate: Float32Array.of(log.rates.at(-1)!),
    });
    log.losses.push(loss!.data[0]!);
    log.counted += targets.filter((token) => token !== sizes.architecture.bins).length;
    await program.dispose();
  }
  return { state, log };
}

const scheduleSchema = z.looseObject({
  batch_size: z.int(),
  learning_rate: z.number(),
  warmup_tokens: z.number(),
  final_tokens: z.number(),
  epochs: z.int(),
  sequences: z.int(),
});

/** Epochs of the public trainer. */
export async function sequenceTrainingSubject(fixture: Fixture, engine: Engine): Promise<readonly FixtureCheck[]> {
  const h = scheduleSchema.parse(fixture.hyperparameters);
  const schedule = {
    learningRate: h.learning_rate,
    warmupTokens: h.warmup_tokens,
    finalTokens: h.final_tokens,
    schedule: "published",
  } as const;
  const order = [...integers(fixture, "in.order")];
  const epochs = Array.from({ length: h.epochs }, (_, i) => order.slice(i * h.sequences, (i + 1) * h.sequences));
  const batches = epochs.flatMap((epoch) =>
    Array.from({ length: Math.ceil(epoch.length / h.batch_size) }, (_, i) =>
      epoch.slice(i * h.batch_size, (i + 1) * h.batch_size),
    ),
  );
  const rate = (tokens: number) => learningRateAfter(tokens, schedule);
  const { state, log } = await steps(fixture, engine, rate, batches);
  return checkAll(fixture, {
    "out.learning_rate_used": log.rates,
    "out.learning_rate_next": [rate(log.counted)],
    "out.loss": log.losses,
    "out.tokens_counted": [log.counted],
    ...published(fixture, "final.", { decayed: state.get("decayed")!, undecayed: state.get("undecayed")! }),
  });
}

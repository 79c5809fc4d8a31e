import { type ConservativeSettings, conservativeShape, type RowRange } from "@lowerbound/actor-critic";
import { float32, type HostTensors, type Specs } from "@lowerbound/core";
import type { Fixture } from "@lowerbound/testing";
import { z } from "zod";
import { slice0 } from "./compute.js";
import { sacSetup } from "./sac-layout.js";

const schema = z.looseObject({
  cql_weight: z.number(),
  cql_temperature: z.number(),
  repeat: z.number().int().positive(),
  max_q_backup: z.boolean(),
  deterministic_backup: z.boolean(),
  lagrange: z.boolean(),
  log_sum_exp_layout: z.enum(["all", "three"]),
  lagrange_threshold: z.number().optional(),
  cql_alpha_learning_rate: z.number().optional(),
  real_rows: z.number().int().nonnegative().optional(),
  rho_s: z.enum(["mix", "model"]).default("mix"),
});

/** Rows of public batches [updates, rows, ...]: `in.batch.*`, or real ones followed by the model's. */
const parts = (fixture: Fixture): readonly string[] =>
  fixture.tensors.has("in.batch.obs") ? ["in.batch"] : ["in.real", "in.fake"];

/** A manifest's hyperparameters as our settings, with public code's oddities switched on. */
export function conservativeSetup(fixture: Fixture) {
  const { options: clamped, dimensions, batch, updates } = sacSetup(fixture);
  const { temperatureMaximum: _, ...options } = clamped;
  const h = schema.parse(fixture.hyperparameters);
  const real = h.real_rows ?? batch;
  const rows = (): RowRange => (h.rho_s === "model" ? { from: real, count: batch - real } : { from: 0, count: batch });
  const settings: ConservativeSettings = {
    ...z.object(conservativeShape).parse({
      actionSamples: h.repeat,
      softmaxTemperature: h.cql_temperature,
      layout: h.log_sum_exp_layout,
      uniformDensity: "unit",
      backup: h.max_q_backup ? "maximum" : h.deterministic_backup ? "plain" : "soft",
      lagrangeThreshold: h.lagrange ? h.lagrange_threshold : undefined,
      multiplierLearningRate: h.cql_alpha_learning_rate,
    }),
    maximumAction: options.maximumAction,
    weight: h.cql_weight,
    pushDown: "softmax",
    rows,
    compareWith: real < batch ? "model" : "policy",
  };
  return { dimensions, options, settings, batch, real, updates };
}

const NAMES = {
  obs: "observation",
  act: "action",
  rew: "reward",
  next_obs: "nextObservation",
  term: "termination",
} as const;

/** Inputs and noise of an update. */
export function conservativeInputs(fixture: Fixture, update: number): Record<string, Float32Array> {
  const { settings, batch, real } = conservativeSetup(fixture);
  const joined = (name: string): Float32Array =>
    Float32Array.from(parts(fixture).flatMap((part) => [...slice0(fixture, `${part}.${name}`, update)]));
  const samplesFirst = (name: string, change = (value: number) => value): Float32Array =>
    toSamplesFirst(slice0(fixture, name, update).map(change), settings.actionSamples, widthOf(fixture, name));
  const maximum = settings.maximumAction ?? 1;
  const next = settings.backup === "maximum" ? samplesFirst : (name: string) => slice0(fixture, name, update);
  return {
    ...Object.fromEntries(Object.entries(NAMES).map(([theirs, ours]) => [ours, joined(theirs)])),
    fromData: Float32Array.from({ length: batch }, (_, row) => (row < real ? 1 : 0)),
    "noise/action": slice0(fixture, "noise.action", update),
    "noise/nextAction": next("noise.next_action"),
    "noise/policy": samplesFirst("noise.pi_action"),
    "noise/nextPolicy": samplesFirst("noise.pi_next_action"),
    "noise/uniform": samplesFirst("in.random_action", (action) => (action / maximum + 1) / 2),
  };
}

const widthOf = (fixture: Fixture, name: string): number => fixture.tensor(name).shape.at(-1)!;

/** The first update's inputs and noise as tensors. */
export function firstInputs(fixture: Fixture, { inputs, noise }: { inputs: Specs; noise: object }): HostTensors {
  const data = conservativeInputs(fixture, 0);
  const shapes = new Map(Object.entries({ ...inputs, ...(noise as Specs) }));
  return Object.fromEntries(
    [...shapes].map(([name, { shape }]) => [name, { ...float32(...shape), data: data[name]! }]),
  );
}

/** Rows [rows * samples, width], a row's samples side by side, as ours: [samples, rows, width]. */
export function toSamplesFirst(data: Float32Array, samples: number, width: number): Float32Array {
  const rows = data.length / (samples * width);
  return data.map((_, i) => {
    const [sample, row, column] = [Math.floor(i / (rows * width)), Math.floor(i / width) % rows, i % width];
    return data[(row * samples + sample) * width + column]!;
  });
}

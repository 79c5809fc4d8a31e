// A run store in memory, and parts that do next to nothing.
import { z } from "zod";
import {
  Algorithm,
  CapabilityError,
  type Checkpoint,
  Dataset,
  DensityModel,
  DynamicsModel,
  defineComponent,
  Engine,
  FileError,
  type Fitted,
  hostFloat32,
  type Json,
  type Policy,
  RunStore,
} from "../src/index.js";

/** A run store that keeps everything in memory and tells what happened. */
export function memoryStore() {
  const events: string[] = [];
  const shelf = new Map<string, Fitted>();
  const kept = new Map<string, Checkpoint>();
  const handle = () => ({
    signal: new AbortController().signal,
    log: () => {},
    checkpoint: async () => {},
    latest: async () => undefined,
    keep: async (name: string, checkpoint: Checkpoint) => void kept.set(name, checkpoint),
    kept: async (name: string) => kept.get(name),
    progress: () => ({ update: () => {}, stop: () => {} }),
    note: (message: string) => void events.push(`note ${message}`),
  });
  const component = defineComponent({
    kind: RunStore,
    type: "memory",
    summary: "in memory",
    config: z.object({}),
    create: () => ({
      create: async ({ directory }) => ({
        directory,
        open: async (config: Json) => void events.push(`open ${Object.keys(config as object).join(",")}`),
        phase: handle,
        fitted: async (phase, address, compute) => {
          const found = shelf.get(address);
          events.push(`${found === undefined ? "fit" : "share"} ${phase}`);
          const result = found ?? (await compute(handle()));
          shelf.set(address, result);
          return result;
        },
        finish: async () => void events.push("finish"),
        close: async () => void events.push("close"),
      }),
    }),
  });
  return { component, events };
}

export const dataset = defineComponent({
  kind: Dataset,
  type: "tiny",
  summary: "no episodes",
  config: z.object({
    fingerprint: z.string().default("f"),
    actionBounds: z.array(z.object({ low: z.number(), high: z.number() })).default([]),
  }),
  create: ({ fingerprint, actionBounds }) => ({
    info: async () => ({
      name: "tiny",
      layout: "none",
      observation: 1,
      action: 1,
      episodes: 0,
      steps: 0,
      returns: { mean: 0, std: 0, min: 0, max: 0 },
      actionBounds,
      fingerprint,
    }),
    episodes: async function* () {},
    transitions: () => Promise.reject(new CapabilityError("no transitions")),
    close: async () => {},
  }),
});

export const engine = defineComponent({
  kind: Engine,
  type: "none",
  summary: "runs nothing",
  config: z.object({}),
  create: () => ({
    name: "none",
    describe: () => ({}),
    compile: () => Promise.reject(new CapabilityError("runs nothing")),
    dispose: async () => {},
  }),
});

export const density = defineComponent({
  kind: DensityModel,
  type: "draws",
  summary: "keeps one random number",
  config: z.object({}),
  create: () => ({
    conditional: false,
    parameters: () => ({}),
    logProbability: ({ action }) => action,
    fit: async ({ random }) => ({
      tensors: { value: hostFloat32(random.uniform(new Float32Array(1)), 1) },
      facts: { name: "density" },
    }),
  }),
});

export const dynamics = defineComponent({
  kind: DynamicsModel,
  type: "on-density",
  summary: "requires a density",
  config: z.object({ width: z.number().default(1) }),
  requires: [DensityModel],
  create: () => ({
    capabilities: { members: false, logProbability: false, differentiable: false, stateful: false },
    parameters: () => ({}),
    stepNoise: () => ({}),
    initialCarry: () => ({}),
    step: ({ observation, carry }) => ({ nextObservation: observation, reward: observation, carry }),
    fit: async ({ fitted }) => ({ tensors: fitted("density").tensors, facts: { name: "dynamics" } }),
  }),
});

export const algorithm = defineComponent({
  kind: Algorithm,
  type: "copies",
  summary: "hands the fitted tensors on",
  config: z.object({ updates: z.number().default(1) }),
  requires: [DynamicsModel],
  create: () => ({
    train: async ({ fitted }) => ({ tensors: fitted("dynamics").tensors, facts: {} }),
    policy: (): Promise<Policy> => Promise.reject(new CapabilityError("no policy")),
  }),
});

export const gone = defineComponent({
  kind: Dataset,
  type: "gone",
  summary: "cannot be read",
  config: z.object({}),
  create: () => {
    const fail = () => Promise.reject(new FileError("the log is gone"));
    return {
      info: fail,
      transitions: fail,
      episodes: async function* () {},
      close: async () => {},
    };
  },
});

export const parts = (store: ReturnType<typeof memoryStore>) =>
  [algorithm, dynamics, density, dataset, engine, store.component] as const;
export const base = {
  dataset: { type: "tiny" },
  engine: { type: "none" },
  run: { type: "memory" },
  algorithm: { type: "copies" },
  dynamics: { type: "on-density" },
  density: { type: "draws" },
} as const;

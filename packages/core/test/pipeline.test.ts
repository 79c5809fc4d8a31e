import { describe, expect, test } from "vitest";
import { z } from "zod";
import {
  Algorithm,
  CapabilityError,
  type Checkpoint,
  createPipeline,
  createUntypedPipeline,
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
function memoryStore() {
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

const dataset = defineComponent({
  kind: Dataset,
  type: "tiny",
  summary: "no episodes",
  config: z.object({ fingerprint: z.string().default("f") }),
  create: ({ fingerprint }) => ({
    info: async () => ({
      name: "tiny",
      layout: "none",
      observation: 1,
      action: 1,
      episodes: 0,
      steps: 0,
      returns: { mean: 0, std: 0, min: 0, max: 0 },
      fingerprint,
    }),
    episodes: async function* () {},
    transitions: () => Promise.reject(new CapabilityError("no transitions")),
    close: async () => {},
  }),
});

const engine = defineComponent({
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

const density = defineComponent({
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

const dynamics = defineComponent({
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

const algorithm = defineComponent({
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

const gone = defineComponent({
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

const parts = (store: ReturnType<typeof memoryStore>) =>
  [algorithm, dynamics, density, dataset, engine, store.component] as const;
const base = {
  dataset: { type: "tiny" },
  engine: { type: "none" },
  run: { type: "memory" },
  algorithm: { type: "copies" },
  dynamics: { type: "on-density" },
  density: { type: "draws" },
} as const;

describe("phases", () => {
  test("come after what they require, whatever the order of registration", async () => {
    const store = memoryStore();
    const result = await createPipeline(parts(store), base).run({ directory: "d" });
    expect(store.events).toEqual([
      "open seed,algorithm,dynamics,density,dataset,engine,run",
      "fit density",
      "fit dynamics",
      "finish",
      "close",
    ]);
    expect(result.fitted).toEqual({ density: { name: "density" }, dynamics: { name: "dynamics" } });
  });

  test("are shared by runs that differ only downstream, and fitted again for what changes upstream", async () => {
    const store = memoryStore();
    const run = async (config: Parameters<typeof createPipeline<ReturnType<typeof parts>>>[1]) => {
      store.events.length = 0;
      await createPipeline(parts(store), config).run({ directory: "d" });
      return store.events.filter((event) => /fit|share/.test(event));
    };
    await run(base);
    expect(await run({ ...base, algorithm: { type: "copies", updates: 2 } })).toEqual([
      "share density",
      "share dynamics",
    ]);
    expect(await run({ ...base, dynamics: { type: "on-density", width: 2 } })).toEqual([
      "share density",
      "fit dynamics",
    ]);
    expect(await run({ ...base, dataset: { type: "tiny", fingerprint: "g" } })).toEqual([
      "fit density",
      "fit dynamics",
    ]);
    expect(await run({ ...base, seed: 7 })).toEqual(["fit density", "fit dynamics"]);
  });

  test("that nothing asks for are fitted all the same, and the user is told", async () => {
    const store = memoryStore();
    const idle = defineComponent({
      kind: Algorithm,
      type: "idle",
      summary: "asks for nothing",
      config: z.object({}),
      create: () => ({
        train: async () => ({ tensors: {}, facts: {} }),
        policy: (): Promise<Policy> => Promise.reject(new CapabilityError("no policy")),
      }),
    });
    const config = { ...base, algorithm: { type: "idle" } };
    await createUntypedPipeline([idle, dynamics, density, dataset, engine, store.component], config).run({
      directory: "d",
    });
    expect(store.events.filter((event) => /note|fit/.test(event))).toEqual([
      "note dynamics: nothing in this run asks for on-density, algorithm idle included; training goes on without it",
      "fit density",
      "fit dynamics",
    ]);
  });

  test.each([
    ["no algorithm is configured", { ...base, algorithm: undefined }],
    ["the log is gone", { ...base, dataset: { type: "gone" } }],
  ])("where %s, no run is opened: its directory stays free", async (message, config) => {
    const store = memoryStore();
    const pipeline = createUntypedPipeline([...parts(store), gone], config);
    await expect(pipeline.run({ directory: "d" })).rejects.toThrow(message);
    expect(store.events).toEqual([]);
  });

  test("a policy of a run that never finished is refused with the remedy", async () => {
    const pipeline = createPipeline(parts(memoryStore()), base);
    await expect(pipeline.policy({ directory: "d" }, "last")).rejects.toThrow(/no "last" snapshot[\s\S]*--resume d/);
  });
});

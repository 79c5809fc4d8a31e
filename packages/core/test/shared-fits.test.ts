// Fits are filed by what decides them: runs that agree on it share them.
import { describe, expect, test } from "vitest";
import { z } from "zod";
import {
  Algorithm,
  CapabilityError,
  createPipeline,
  createUntypedPipeline,
  DynamicsModel,
  defineComponent,
  type Policy,
  UncertaintyPenalty,
} from "../src/index.js";
import { algorithm, base, dataset, density, dynamics, engine, memoryStore, parts } from "./pipeline-parts.js";

describe("fits", () => {
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

  test("are fitted again where a part without a fit phase that they require is another", async () => {
    const store = memoryStore();
    const penalty = defineComponent({
      kind: UncertaintyPenalty,
      type: "weighs",
      summary: "has a weight and no fit phase",
      config: z.object({ weight: z.number() }),
      requires: [DynamicsModel],
      create: () => ({
        penalise: () => {
          throw new CapabilityError("compiled nowhere");
        },
      }),
    });
    const thresholded = defineComponent({
      kind: Algorithm,
      type: "thresholded",
      summary: "fits a threshold to the penalty",
      config: z.object({}),
      requires: [DynamicsModel, UncertaintyPenalty],
      create: () => ({
        fit: async () => ({ tensors: {}, facts: {} }),
        train: async () => ({ tensors: {}, facts: {} }),
        policy: (): Promise<Policy> => Promise.reject(new CapabilityError("no policy")),
      }),
    });
    const components = [thresholded, penalty, dynamics, density, dataset, engine, store.component];
    const eventsOf = async (weight: number) => {
      store.events.length = 0;
      const config = { ...base, algorithm: { type: "thresholded" }, penalty: { type: "weighs", weight } };
      await createUntypedPipeline(components, config).run({ directory: "d" });
      return store.events.filter((event) => /fit|share/.test(event));
    };
    await eventsOf(1);
    expect(await eventsOf(1)).toEqual(["share density", "share dynamics", "share algorithm"]);
    expect(await eventsOf(2)).toEqual(["share density", "share dynamics", "fit algorithm"]);
  });

  test("are shared where only an option that they do not heed has grown", async () => {
    const store = memoryStore();
    const cloning = defineComponent({
      ...algorithm,
      config: z.object({ clones: z.number(), updates: z.number() }),
      create: (_, context) => ({
        ...algorithm.create({ updates: 1 }, context),
        mayGrow: ["updates"],
        fit: async () => ({ tensors: {}, facts: {} }),
      }),
    });
    const others = parts(store).filter((part) => part !== algorithm);
    for (const [clones, updates] of [
      [1, 1],
      [1, 2],
      [2, 2],
    ]) {
      const config = { ...base, algorithm: { type: "copies", clones, updates } };
      await createUntypedPipeline([cloning, ...others], config).run({ directory: "d" });
    }
    expect(store.events.filter((event) => /(fit|share) algorithm/.test(event))).toEqual([
      "fit algorithm",
      "share algorithm",
      "fit algorithm",
    ]);
  });
});

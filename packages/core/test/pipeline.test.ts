import { describe, expect, test } from "vitest";
import { z } from "zod";
import {
  Algorithm,
  CapabilityError,
  ConfigError,
  createPipeline,
  createUntypedPipeline,
  DataError,
  DensityModel,
  DynamicsModel,
  defineComponent,
  type Policy,
  Termination,
} from "../src/index.js";
import { algorithm, base, dataset, density, dynamics, engine, gone, memoryStore, parts } from "./pipeline-parts.js";

const symmetric = { low: -2, high: 2 };

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

  test("are told what those that require them ask, and filed apart by it", async () => {
    const store = memoryStore();
    const heard: (readonly string[] | undefined)[] = [];
    const asking = defineComponent({
      ...dynamics,
      config: z.object({ asks: z.boolean() }),
      requires: [DensityModel],
      create: ({ asks }, context) => ({
        ...dynamics.create({ width: 1 }, context),
        ...(asks ? { asks: { density: ["evenly"] } } : {}),
      }),
    });
    const listening = defineComponent({
      ...density,
      create: (options, context) => {
        const made = density.create(options, context);
        return {
          ...made,
          fit: (fitting) => {
            heard.push(fitting.asked);
            return made.fit(fitting);
          },
        };
      },
    });
    const others = parts(store).filter((part) => part !== dynamics && part !== density);
    for (const asks of [false, true, true]) {
      const config = { ...base, dynamics: { type: "on-density", asks } };
      await createUntypedPipeline([asking, listening, ...others], config).run({ directory: "d" });
    }
    expect(heard).toEqual([undefined, ["evenly"]]);
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
    [
      "entry 1 of the log's actions lies between 0 and 1",
      { ...base, dataset: { type: "tiny", actionBounds: [symmetric, { low: 0, high: 1 }] } },
    ],
  ])("where %s, no run is opened: its directory stays free", async (message, config) => {
    const store = memoryStore();
    const pipeline = createUntypedPipeline([...parts(store), gone], config);
    await expect(pipeline.run({ directory: "d" })).rejects.toThrow(message);
    expect(store.events).toEqual([]);
  });

  test("no run is opened where a part refuses the log, told how many of its episodes are held out", async () => {
    const store = memoryStore();
    const choosy = defineComponent({
      ...algorithm,
      create: (options, context) => ({
        ...algorithm.create(options, context),
        check: ({ name, episodes, heldOut }) => {
          throw new DataError(`${heldOut} of ${episodes} episodes are too few`, { where: name });
        },
      }),
    });
    const others = parts(store).filter((part) => part !== algorithm);
    const pipeline = createUntypedPipeline([choosy, ...others], base);
    await expect(pipeline.run({ directory: "d" })).rejects.toThrow("tiny: 0 of 0 episodes are too few");
    expect(store.events).toEqual([]);
  });

  test("no run is opened where the data's task has no rule that a part uses; a rule that none uses is not asked for", async () => {
    const ruleless = defineComponent({
      kind: Termination,
      type: "task",
      summary: "knows no task",
      config: z.object({}),
      create: () => {
        const terminated = () => {
          throw new CapabilityError("compiled nowhere");
        };
        const refuse = (): never => {
          throw new ConfigError("no rule is known");
        };
        return { terminated, for: refuse };
      },
    });
    const copies = (requires: readonly (typeof Termination)[]) =>
      defineComponent({ ...algorithm, requires: [DynamicsModel, ...requires] });
    const others = (store: ReturnType<typeof memoryStore>) => parts(store).filter((part) => part !== algorithm);
    const [asking, idle] = [memoryStore(), memoryStore()];
    const pipeline = createUntypedPipeline([copies([Termination]), ruleless, ...others(asking)], base);
    await expect(pipeline.run({ directory: "d" })).rejects.toThrow("no rule is known");
    expect(asking.events).toEqual([]);
    await createUntypedPipeline([copies([]), ruleless, ...others(idle)], base).run({ directory: "d" });
    expect(idle.events).toContain("finish");
  });

  test("a policy of a run that never finished is refused with the remedy", async () => {
    const pipeline = createPipeline(parts(memoryStore()), base);
    await expect(pipeline.policy({ directory: "d" }, "last")).rejects.toThrow(/no "last" snapshot[\s\S]*--resume d/);
  });
});

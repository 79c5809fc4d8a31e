import type { UncertaintyPenalty } from "@lowerbound/core";
import { memoryRun } from "@lowerbound/testing";
import { afterAll, describe, expect, it } from "vitest";
import { rolloutProgram } from "../src/dyna/rollout-program.js";
import { createPpo, imagineDyna, ppoOptions, rolloutPartsOf, trainDyna } from "../src/index.js";
import { contextOf, engine, options, parts } from "./world.js";

afterAll(() => engine.dispose());

/** An engine that counts the programs that are open. */
function counting() {
  let open = 0;
  const counted: typeof engine = {
    ...engine,
    compile: async (program) => {
      const compiled = await engine.compile(program);
      open++;
      const dispose = async () => {
        open--;
        await compiled.dispose();
      };
      return { ...compiled, dispose };
    },
  };
  return { engine: counted, open: () => open };
}

describe("programs", () => {
  const ppo = createPpo(ppoOptions.parse({ hiddenSizes: [4] }));

  it.each([
    ["replay", parts],
    ["on-policy", { ...parts, optimiser: ppo }],
  ])("are all disposed of, also when making rollouts again is interrupted: %s", async (_, trained) => {
    const counted = counting();
    const run = memoryRun({ abortAt: 33 });
    const training = trainDyna({ ...contextOf(run), engine: counted.engine }, trained, options);
    await expect(training).rejects.toThrow("interrupted");
    expect(counted.open()).toBe(0);
    const signal = AbortSignal.abort(new Error("stopped again"));
    const resumed = { ...memoryRun({ from: run.checkpoints.at(-1)! }), signal };
    const again = trainDyna({ ...contextOf(resumed), engine: counted.engine }, trained, options);
    await expect(again).rejects.toThrow("stopped again");
    expect(counted.open()).toBe(0);
  });

  it("are disposed of where a return in the model fails", async () => {
    const counted = counting();
    const failing: typeof engine = {
      ...counted.engine,
      compile: async (program) => ({
        ...(await counted.engine.compile(program)),
        run: () => Promise.reject(new Error("no memory")),
      }),
    };
    const { random, ...context } = { ...contextOf(memoryRun()), engine: failing };
    const tensors = parts.optimiser.initialise({ observation: 2, action: 1 }, random);
    const starts = { rows: 1, columns: 2, data: Float32Array.of(1, 0.5) };
    await expect(imagineDyna({ ...context, random, tensors, starts, horizon: 10 }, parts)).rejects.toThrow("no memory");
    expect(counted.open()).toBe(0);
  });

  it.each(["reward", "target"] as const)(
    "draw a penalty's noise in rollouts where those pay it: %s",
    async (appliesTo) => {
      const penalty: UncertaintyPenalty = {
        appliesTo,
        noise: (batch) => ({ own: { distribution: "normal", shape: [batch] } }),
        penalise: ({ noise }) => noise!.own!,
      };
      const { noise } = rolloutProgram(await rolloutPartsOf(contextOf(memoryRun()), { ...parts, penalty }), {
        rows: 4,
      });
      expect(Object.keys(noise).includes("penalty/own")).toBe(appliesTo === "reward");
    },
  );
});

import { CapabilityError, type Fitted } from "@lowerbound/core";
import { memoryRun } from "@lowerbound/testing";
import { afterAll, describe, expect, it } from "vitest";
import { calibrationOf, fitCalibration } from "../src/index.js";
import { DISCOUNT, effort, engine, fittingOf, options, partsWith } from "./world.js";

afterAll(() => engine.dispose());

describe("the coefficient that auto compares by", () => {
  const fit = (shift: number, size: number, changes: Partial<typeof options> = {}, episodes = 10) =>
    fitCalibration(fittingOf(memoryRun(), episodes), partsWith(shift, effort(size)), { ...options, ...changes });

  it("costs nothing where the model is exact, and goes with the inverse of the penalty's unit", async () => {
    const exact = calibrationOf(await fit(0, 1));
    expect(exact.coefficient).toBeLessThan(1e-3);
    const [one, two] = [calibrationOf(await fit(0.5, 1)), calibrationOf(await fit(0.5, 2))];
    expect(one.coefficient).toBeGreaterThan(0.1);
    expect(two.coefficient! * 2).toBeCloseTo(one.coefficient!, 3);
    expect(one.reason).toBeNull();
  });

  it("covers the errors on average, and with more confidence by more", async () => {
    const [half, most] = [await fit(0.5, 1, { calibrationLevel: 0.5 }), await fit(0.5, 1)];
    const { meanError, meanPenalty } = most.facts as Record<string, number>;
    expect(calibrationOf(most).coefficient! * meanPenalty!).toBeGreaterThan(meanError!);
    expect(calibrationOf(half).coefficient).toBeLessThan(calibrationOf(most).coefficient!);
  });

  it("holds as far as the sums of u that held-out episodes met from their starts", async () => {
    const { episodeStarts, actions } = await fittingOf(memoryRun()).heldOut!.transitions();
    const sums = Array.from({ length: episodeStarts.length - 1 }, (_, episode) =>
      actions
        .subarray(episodeStarts[episode], episodeStarts[episode + 1])
        .reduce((sum, action, step) => sum + DISCOUNT ** step * Math.abs(action), 0),
    );
    expect(calibrationOf(await fit(0.5, 1)).reach).toBeCloseTo(Math.max(...sums), 4);
  });

  it("is not there for one held-out episode, u of 0 or below, a candidate's critic, or where fqe is asked for", async () => {
    const reasonOf = async (fitted: Promise<Fitted>) => {
      const { coefficient, reason } = calibrationOf(await fitted);
      expect(coefficient).toBeNull();
      return reason;
    };
    expect(await reasonOf(fit(0.5, 1, {}, 1))).toContain("1 held-out episodes are too few");
    expect(await reasonOf(fit(0.5, 0))).toContain("the penalty is 0 there");
    expect(await reasonOf(fit(0.5, -1))).toContain("the penalty is negative there");
    expect(await reasonOf(fit(0.5, 1, { selection: "fqe" }))).toBe("selection is fqe");
    const greedy = partsWith(0, { ...effort(), requests: ["critic"] });
    expect(await reasonOf(fitCalibration(fittingOf(memoryRun()), greedy, options))).toContain("asks for a critic");
  });

  it("leaves no program open where it is stopped in fitting the behaviour's values", async () => {
    const controller = new AbortController();
    const open = new Set<object>();
    const stopping: typeof engine = {
      ...engine,
      compile: async (program) => {
        const compiled = await engine.compile(program);
        if (program.name === "fitted-q-evaluation-update") controller.abort(new Error("stopped"));
        const dispose = () => {
          open.delete(counted);
          return compiled.dispose();
        };
        const counted = { ...compiled, dispose };
        open.add(counted);
        return counted;
      },
    };
    const run = { ...memoryRun(), signal: controller.signal };
    const fitting = fitCalibration({ ...fittingOf(run), engine: stopping }, partsWith(0.5), options);
    await expect(fitting).rejects.toThrow("stopped");
    expect(open.size).toBe(0);
  });

  it("asks for held-out episodes", async () => {
    const { heldOut: _, ...without } = fittingOf(memoryRun());
    await expect(fitCalibration(without, partsWith(0), options)).rejects.toThrow(CapabilityError);
  });
});

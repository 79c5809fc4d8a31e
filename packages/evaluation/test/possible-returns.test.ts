import { afterAll, expect, it } from "vitest";
import { impossibleWarning } from "../src/off-policy/possible-returns.js";
import { engine, estimateFor, jobOf, linear, options, transitions } from "./line-log.js";

afterAll(() => engine.dispose());

it.each([
  // Rewards of -1 to 2 at a discount of 0.9: returns between -10 and 20, and a twentieth of that range beside them.
  [21, [-1, 2], undefined],
  [-11, [-1, 2], undefined],
  [22, [-1, 2], "outside -10.0 to 20.0"],
  [-12, [-1, 2], "outside -10.0 to 20.0"],
  // Episodes that end pay nothing more, whatever the logged steps pay.
  [5, [1, 2], undefined],
  [23_707, [0, 0], "outside 0.00 to 0.00"],
])("an estimate of %d from rewards %o", (value, rewards, wanted) => {
  const warning = impossibleWarning(value, rewards, 0.9);
  if (wanted === undefined) expect(warning).toBeUndefined();
  else expect(warning).toContain(wanted);
});

it("knows no bound of returns at a discount of 1", () => {
  expect(impossibleWarning(1e9, [0, 1], 1)).toBeUndefined();
});

it("stands beside what fitted Q evaluation gives for rewards that are all 0", async () => {
  const few = { ...options, fqe: { ...options.fqe, updates: 20, targetInterval: 1, learningRate: 1 } };
  const job = { ...jobOf(linear(-0.5)), options: few };
  const unpaid = { ...transitions, rewards: new Float32Array(transitions.count) };
  const { warning } = await estimateFor("fqe", { ...job, transitions: unpaid });
  expect(warning).toMatch(/no return is outside 0.00 to 0.00/);
  expect(warning).toContain("lower fqe's learning rate");
});

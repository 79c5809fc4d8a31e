import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { tabularResultSchema } from "../src/certify/tabular-schema.js";
import { cli, temporaryFolder } from "./helpers.js";

const example = fileURLToPath(new URL("../../../examples/certificates/signed-counterexample.json", import.meta.url));
const task = async (change: object = {}): Promise<string> => {
  const path = join(await temporaryFolder(), "task.json");
  await writeFile(path, JSON.stringify({ ...JSON.parse(await readFile(example, "utf8")), ...change }));
  return path;
};

test("the signed counterexample: the span's lambda is tight, the largest reward's alone is wrong", async () => {
  const { out, code } = await cli("certify", example, "--json");
  expect(code).toBe(0);
  // Worked by hand: 9 in the model, -9 in truth; lambda 0.9 x 2 / 0.1, and half of it.
  expect(JSON.parse(out)).toMatchObject({
    standing: "holds if u >= error, not all checked",
    reasons: [],
    vacuous: false,
    certificate: {
      lambda: expect.closeTo(18, 9),
      bounds: { modelReturn: expect.closeTo(9, 9), lower: expect.closeTo(-9, 9), upper: expect.closeTo(27, 9) },
      optimalityGap: expect.closeTo(36, 9),
      behaviour: { improvementAtLeast: expect.closeTo(-36, 9) },
      curve: [{ delta: expect.closeTo(1, 9), loss: expect.closeTo(36, 9) }],
    },
    largestRewardAlone: { lambda: expect.closeTo(9, 9), lower: expect.closeTo(0, 9), holds: false },
    truth: { achieved: expect.closeTo(-9, 9), gain: expect.closeTo(18, 9), covered: 3, pairs: 3 },
  });
  const { out: text } = await cli("certify", example);
  expect(text).toContain(
    "gets at least -9.0000 in truth, if u >= error, which could not be checked at 3 of 3 pairs (no held-out steps were given)",
  );
  expect(text).toContain("lambda of the largest reward alone, 9.0000, would say at least 0: WRONG");
  expect(text).toMatch(/improvement at least +-36\.000/);
  expect(text).toContain("pi^delta");
});

test("a claim that the truth or held-out steps break is void, and bounds nothing", async () => {
  const small = { error: { transitions: [[0.5], [0], [0]] } };
  const { out } = await cli("certify", await task(small));
  expect(out).toContain("VOID, there is no bound:\n  u >= error: true at 2 of 3 pairs alone, by the file's truth");
  expect(out).toContain("u >= error in truth: at 2 of 3 pairs");
  expect(out).not.toContain("true return at least");
  const heldOut = Array.from({ length: 300 }, () => [0, 0, 0, 2]);
  const checked = await cli("certify", await task({ ...small, heldOut, truth: undefined }));
  expect(checked.out).toContain("VOID");
  expect(checked.out).toContain("  u >= error: seen to fail at 1 of 3 pairs, on held-out steps\n");
  expect(checked.out).toMatch(/u >= error on held-out steps: failed; .*1 seen to fail/);
});

test("a void certificate has no bound in JSON either, nor anything that follows from one", async () => {
  const { out } = await cli("certify", await task({ error: { transitions: [[0.5], [0], [0]] } }), "--json");
  const result = tabularResultSchema.parse(JSON.parse(out));
  expect(result).toMatchObject({
    standing: "void",
    reasons: [expect.stringContaining("u >= error: true at 2 of 3"), expect.stringContaining("the bound itself: ")],
    vacuous: null,
    certificate: {
      bounds: { modelReturn: expect.closeTo(9, 9), lower: null, upper: null },
      optimumAtMost: null,
      optimalityGap: null,
      behaviour: null,
      curve: [],
    },
  });
});

test("too few held-out steps to tell are not the same as none, nor as enough", async () => {
  const of = async (heldOut: readonly (readonly number[])[]) => {
    const path = await task({ error: { transitions: [[1], [0.2], [0.2]] }, heldOut });
    const { out } = await cli("certify", path);
    return { out, result: tabularResultSchema.parse(JSON.parse((await cli("certify", path, "--json")).out)) };
  };
  const unsure = "in truth, if u >= error, which could not be checked at";
  const few = await of([[1, 0, 1, 1]]);
  expect(few.result.standing).toBe("holds if u >= error, not all checked");
  expect(few.out).toContain(`${unsure} 3 of 3 pairs (too few held-out steps)\n`);
  expect(few.out).toContain("too few steps; 0 of 3 pairs checked, 0 seen to fail, 3 with too few steps to tell\n");
  expect(few.out).toContain("  (state, action) steps: (0, 0) 0, (1, 0) 1, (2, 0) 0\n");
  // Radii of 400 steps: 2 x 0.0858 of the reward and 18 x 0.0934 of the distance are below 18 x 0.2, the claim.
  const stays = Array.from({ length: 400 }, () => [1, 0, 1, 1]);
  const some = await of(stays);
  expect(some.result.standing).toBe("holds if u >= error, not all checked");
  expect(some.out).toContain(`${unsure} 2 of 3 pairs (too few held-out steps)\n`);
  expect(some.out).toContain("partly checked; 1 of 3 pairs checked");
  const all = await of([
    ...stays,
    ...stays.flatMap(() => [
      [0, 0, 0, 1],
      [2, 0, -1, 2],
    ]),
  ]);
  expect(all.result.standing).toBe("holds if u >= error");
  expect(all.out).toContain("in truth, if u >= error\n");
  expect(all.out).toContain("not seen to fail; 3 of 3 pairs checked");
});

const logged = {
  model: undefined,
  error: undefined,
  behaviour: undefined,
  truth: undefined,
  actions: 1,
  steps: [[0, 0, 0, 1]],
};
const still = { transitions: [[[0, 1, 0]], [[0, 1, 0]], [[0, 0, 1]]] };
test.each([
  ["held-out steps pay 2", { heldOut: [[1, 0, 2, 1]] }],
  ["claimed pairs, even by their claimed error, pay 1.5", { model: { ...still, rewards: [[0], [1.5], [-1]] } }],
  ["pairs of the file's truth pay -3", { truth: { ...still, rewards: [[0], [1], [-3]] } }],
  ["logged steps pay 1.25", { ...logged, steps: [[0, 0, 1.25, 1]] }],
])("rewards outside the declared range void it: %s", async (reason, change) => {
  const { out } = await cli("certify", await task(change));
  expect(out).toContain("VOID, there is no bound:\n");
  expect(out).toContain(`  rewards: ${reason}, outside -1 to 1\n`);
  expect(out).not.toContain("true return at least");
});

test("a model may pay what the task cannot, by no more than its claimed error", async () => {
  const model = { ...still, rewards: [[0], [1.5], [-1]] };
  const claim = (rewards: number) => ({
    model,
    error: { transitions: [[1], [0], [0]], rewards: [[0], [rewards], [0]] },
  });
  expect((await cli("certify", await task(claim(0.5)))).out).not.toContain("VOID");
  expect((await cli("certify", await task(claim(0.25)))).out).toContain("pay 1.25, outside -1 to 1");
});

test("one held-out step to where the model cannot go voids a claim of no error, and no larger one", async () => {
  const heldOut = [[0, 0, 0, 2]];
  const sure = await cli("certify", await task({ error: { transitions: [[0], [0], [0]] }, heldOut, truth: undefined }));
  expect(sure.out).toContain("VOID");
  const unsure = await cli("certify", await task({ heldOut, truth: undefined }));
  expect(unsure.out).not.toContain("VOID");
});

test("from logged steps alone; a bound that says nothing is called vacuous", async () => {
  const model = {
    transitions: [[[0, 1, 0]], [[0, 1, 0]], [[0, 0, 1]]],
    rewards: [[0], [1], [-1]],
  };
  const steps = (count: number) =>
    Array.from({ length: 3 * count }, (_, i) => [i % 3, 0, [0, 1, -1][i % 3], [1, 1, 2][i % 3]]);
  const loggedSteps = (count: number) => ({
    model: undefined,
    error: undefined,
    actions: 1,
    steps: steps(count),
    truth: model,
  });
  const few = await cli("certify", await task(loggedSteps(1)));
  expect(few.out).toContain("vacuous");
  expect(few.out).toContain("u: from logged steps, for all pairs at once with probability 0.95");
  const many = JSON.parse((await cli("certify", await task(loggedSteps(20_000)), "--json")).out);
  expect(many).toMatchObject({ errorsFrom: "logged steps", vacuous: false, truth: { covered: 3 } });
  expect(many.certificate.bounds.lower).toBeLessThan(9);
  expect(many.certificate.bounds.lower).toBeGreaterThan(6);
});

test.each([
  [{ discount: 1 }, "discount"],
  [{ error: undefined }, "either model and error, or steps"],
  [{ error: { transitions: [[1]] } }, "error.transitions"],
  [{ error: { transitions: [[0], [-1], [0]] } }, "error.transitions.1.0: -1\n  expected: no negative numbers"],
  [{ error: { transitions: [[1, 0, 0]] } }, "error.transitions: 1 entries\n  expected: 3, one for each state"],
  [
    { error: { transitions: [[1], [0, 0], [0]] } },
    "error.transitions.1: 2 entries\n  expected: 1, one for each action",
  ],
  [{ error: { transitions: [[1], [0], [0]], rewards: [[0, 0, 0]] } }, "error.rewards: 1 entries"],
  [
    { model: { ...still, transitions: [still.transitions.flat()], rewards: [[0], [1], [-1]] } },
    "model.transitions: 1 ",
  ],
  [
    { model: { ...still, transitions: [...still.transitions, []], rewards: [[0], [1], [-1]] } },
    "model.transitions: 4 ",
  ],
  [
    { model: { transitions: [[[0, 1, 0]], [[0, 1, 0]], [[0, 1]]], rewards: [[0], [1], [-1]] } },
    "model.transitions.2.0: 2 entries\n  expected: 3, one for each next state",
  ],
  [{ model: { ...still, rewards: [[0], [1, -1]] } }, "model.rewards: 2 entries"],
  [{ initial: [1, 1, 0] }, "the task: initial: row 0"],
  [{ terminal: [0, 0] }, "the task: terminal: 2 entries"],
  [{ ...logged, initial: [1, 2, 0] }, "the task: initial: row 0"],
  [{ ...logged, terminal: [1] }, "the task: terminal: 1 entries"],
  [{ behaviour: [[0.5], [1], [1]] }, "behaviour: "],
  [{ behaviour: [[1, 1, 1]] }, "behaviour: 1 entries"],
  [{ truth: { transitions: [], rewards: [[0]] } }, "truth.transitions: 0 entries"],
  [{ lambda: 3 }, "lambda"],
])("a broken task is refused: %j", async (change, named) => {
  const { code, err } = await cli("certify", await task(change));
  expect(code).toBe(1);
  expect(err).toContain(named);
  expect(err).toContain("docs/certificates.md");
});

test("a file that is no JSON is refused, and a flag that says nothing of a tabular task", async () => {
  const path = join(await temporaryFolder(), "task.json");
  await writeFile(path, '{"discount": 0.9');
  for (const flag of ["--visits=1", "--value=critic", "--value=fqe", "--seed=7", "--seed=0"]) {
    const { code, err } = await cli("certify", example, flag);
    expect(code).toBe(1);
    expect(err).toMatch(new RegExp(`${flag.split("=")[0]}: a tabular task[\\s\\S]*remedy`));
  }
  expect((await cli("certify", path)).err).toMatch(/not whole JSON[\s\S]*tabular task as JSON/);
});

test("a JSON file that is not there is missed as a file, not as a run", async () => {
  const { code, err } = await cli("certify", join(await temporaryFolder(), "nothing.json"));
  expect({ code, err }).toEqual({ code: 1, err: expect.stringMatching(/nothing\.json: cannot read: no such file/) });
});

import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
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
    standing: "holds if u >= error",
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
  expect(text).toContain("gets at least -9.0000 in truth, if u >= error");
  expect(text).toContain("lambda of the largest reward alone, 9.0000, would say at least 0: WRONG");
  expect(text).toMatch(/improvement at least +-36\.000/);
  expect(text).toContain("pi^delta");
});

test("a claim that the truth or held-out steps break is void, and bounds nothing", async () => {
  const small = { error: { transitions: [[0.5], [0], [0]] } };
  const { out } = await cli("certify", await task(small));
  expect(out).toContain("VOID: u >= error was seen to fail");
  expect(out).toContain("u >= error in truth: at 2 of 3 pairs");
  expect(out).not.toContain("true return at least");
  const heldOut = Array.from({ length: 300 }, () => [0, 0, 0, 2]);
  const checked = await cli("certify", await task({ ...small, heldOut, truth: undefined }));
  expect(checked.out).toContain("VOID");
  expect(checked.out).toMatch(/u >= error on held-out steps: failed; .*1 seen to fail/);
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
  const logged = (count: number) => ({
    model: undefined,
    error: undefined,
    actions: 1,
    steps: steps(count),
    truth: model,
  });
  const few = await cli("certify", await task(logged(1)));
  expect(few.out).toContain("vacuous");
  expect(few.out).toContain("u: from logged steps, for all pairs at once with probability 0.95");
  const many = JSON.parse((await cli("certify", await task(logged(20_000)), "--json")).out);
  expect(many).toMatchObject({ errorsFrom: "logged steps", vacuous: false, truth: { covered: 3 } });
  expect(many.certificate.bounds.lower).toBeLessThan(9);
  expect(many.certificate.bounds.lower).toBeGreaterThan(6);
});

test.each([
  [{ discount: 1 }, "discount"],
  [{ error: undefined }, "either model and error, or steps"],
  [{ error: { transitions: [[1]] } }, "error.transitions"],
  [{ error: { transitions: [[-1], [0], [0]] } }, "numbers that are not negative"],
  [{ initial: [1, 1, 0] }, "model: "],
  [{ behaviour: [[0.5], [1], [1]] }, "behaviour: "],
  [{ truth: { transitions: [], rewards: [[0]] } }, "truth: "],
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
  expect((await cli("certify", example, "--visits=1")).err).toMatch(/--visits: a tabular task[\s\S]*remedy/);
  expect((await cli("certify", path)).err).toMatch(/not whole JSON[\s\S]*tabular task as JSON/);
});

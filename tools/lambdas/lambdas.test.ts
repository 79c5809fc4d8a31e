import { expect, test } from "vitest";
import { choicesOf, commandsOf, trainArguments } from "./choice.js";
import type { Candidate, LambdaRow } from "./row.js";
import { lambdaTables, placeOf } from "./table.js";

const candidate = (penaltyCoefficient: number, trueReturn: number, score: number | null): Candidate => ({
  penaltyCoefficient,
  modelReturn: score === null ? null : score + 6,
  uncertainty: score === null ? null : 2,
  score,
  truth: { mean: trueReturn, std: 1 },
});

const chosen: LambdaRow = {
  name: "hopper-medium-replay-auto-1",
  dataset: "hopper-medium-replay",
  seed: "1",
  updates: 10_000,
  behaviour: 352,
  rule: "theorem",
  coefficient: 3,
  reach: 20,
  reason: "the largest",
  penaltyCoefficient: 1,
  candidates: [candidate(1, 400, 12.25), candidate(0.5, 420, null)],
  commands: ["train auto", "evaluate"],
};

test("a choice is one run, and its candidates are shown by its snapshots", () => {
  const choices = choicesOf("1");
  expect(choices).toHaveLength(4);
  const [hopper] = choices;
  const settings = { updates: "50", flags: ["--dynamics.maximumEpochs", "40"] };
  expect(trainArguments(hopper!, settings, { data: "d", runs: "r" }).join(" ")).toBe(
    "train --config docs/results/configs/hopper-medium-replay-mopo.yaml --dataset.path d/hopper-medium-replay.hdf5 " +
      "--algorithm.penaltyCoefficient auto --algorithm.updates 50 --algorithm.candidateUpdates 50 " +
      "--seed 1 --directory r/hopper-medium-replay-auto-1 --dynamics.maximumEpochs 40",
  );
  const commands = commandsOf(hopper!, settings, [0.5, 1]);
  expect(commands).toHaveLength(3);
  expect(commands[1]).toBe("npm run lowerbound -- evaluate runs/hopper-medium-replay-auto-1 --checkpoint lambda-0.5");
});

test("a page without rows says so", () => {
  expect(lambdaTables([])).toContain("No grid");
});

test("places go by true return, and equal returns share one", () => {
  const grid = [candidate(0.5, 300, 1), candidate(1, 400, 1), candidate(2.5, 300, 1)];
  expect(grid.map(({ penaltyCoefficient }) => placeOf(penaltyCoefficient, grid))).toEqual([2, 1, 2]);
  expect(placeOf(5, grid)).toBeUndefined();
});

test("a grid shows what was chosen, its place, and what it was judged by", () => {
  const lines = lambdaTables([chosen]).split("\n");
  expect(lines[2]).toContain("352. `auto` chose 1 (theorem, c = 3.00, u to 20.0): place 2 of 2 by true return.");
  const cells = lines
    .filter((line) => /^\| [*01]/.test(line))
    .map((line) => line.split("|").map((cell) => cell.trim()));
  expect(cells.map((each) => each.slice(1, -1))).toEqual([
    ["0.5", "", "", "", "420 ± 1", "", "1"],
    ["**1**", "18.3", "2.0", "12.3", "400 ± 1", "", "2"],
  ]);
  expect(lines.slice(-6, -2)).toEqual(["```sh", "train auto", "evaluate", "```"]);
});

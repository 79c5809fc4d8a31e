import { mopo } from "@lowerbound/mopo";
import { expect, test } from "vitest";
import { argumentsOf, cells, commandOf, GRID } from "./cells.js";
import type { LambdaRow } from "./row.js";
import { lambdaTables, placeOf } from "./table.js";

const row = (penaltyCoefficient: number, trueReturn: number): LambdaRow => ({
  name: `grid-${penaltyCoefficient}`,
  dataset: "hopper-medium-replay",
  penaltyCoefficient,
  selection: null,
  updates: 10_000,
  command: `train ${penaltyCoefficient}`,
  behaviour: 352,
  modelReturn: 500,
  trueReturn,
  trueStd: 1,
});

const chosen: LambdaRow = {
  ...row(1, 410),
  name: "auto",
  command: "train auto",
  selection: {
    rule: "theorem",
    coefficient: 3,
    reason: "the largest",
    candidates: [
      { penaltyCoefficient: 0.5, score: -7.25 },
      { penaltyCoefficient: 1, score: null },
    ],
  },
};

test("the grid is what auto chooses from", () => {
  expect([...GRID]).toEqual(mopo.config.parse({}).penaltyCandidates);
});

test("a cell of the grid and auto differ in the coefficient, and in the candidates' updates", () => {
  const made = cells.filter(({ dataset }) => dataset === "halfcheetah-medium-expert");
  expect(made).toHaveLength(GRID.length + 1);
  const argumentsFor = (cell: (typeof cells)[number]) =>
    argumentsOf(cell, { updates: "50", flags: ["--seed", "1"] }, { data: "d", runs: "r" });
  expect(argumentsFor(made[0]!).join(" ")).toBe(
    "train --config docs/results/configs/halfcheetah-medium-expert-mopo.yaml --dataset.path d/halfcheetah-medium-expert.hdf5 " +
      "--algorithm.penaltyCoefficient 0.1 --algorithm.updates 50 --directory r/halfcheetah-medium-expert-lambda-0.1 --seed 1",
  );
  expect(argumentsFor(made.at(-1)!).join(" ")).toContain(
    "penaltyCoefficient auto --algorithm.updates 50 --algorithm.candidateUpdates 50",
  );
  expect(commandOf(made[0]!, { updates: "50", flags: [] })).toContain("--dataset.path halfcheetah-medium-expert.hdf5 ");
});

test("a page without rows says so", () => {
  expect(lambdaTables([])).toContain("No grid");
});

test("places go by true return, and equal returns share one", () => {
  const grid = [row(0.5, 300), row(1, 400), row(2.5, 300)];
  expect(grid.map(({ penaltyCoefficient }) => placeOf(penaltyCoefficient, grid))).toEqual([2, 1, 2]);
  expect(placeOf(5, grid)).toBeUndefined();
});

test("a grid shows what was chosen, its place, and what it was judged by", () => {
  const lines = lambdaTables([row(1, 400), chosen, row(0.5, 420)]).split("\n");
  expect(lines[2]).toContain(
    "`auto` chose 1 (theorem, c = 3.00), and got 410 with it in its own model: place 2 of 2 in the grid.",
  );
  const cells = lines.filter((line) => /^\| [01]/.test(line)).map((line) => line.split("|").map((cell) => cell.trim()));
  expect(cells.map((each) => each.slice(1, -1))).toEqual([
    ["0.5", "500", "420 ± 1", "", "1", "-7.3"],
    ["1", "500", "400 ± 1", "", "2", ""],
  ]);
  expect(lines.slice(-5)).toEqual(["```sh", "train 0.5", "train 1", "train auto", "```"]);
});

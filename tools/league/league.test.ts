import type { PenaltyCalibrationReport } from "@lowerbound/evaluation";
import { standardComponents } from "@lowerbound/standard";
import { expect, test } from "vitest";
import { entrants } from "./penalties.js";
import { type LeagueRow, measuredOn, scaledCoefficient } from "./row.js";
import { commandsOf } from "./runs.js";
import { leagueTables } from "./table.js";

const measured = { meanPenalty: 2, meanError: 1, coverage: 0.9, coverageAtEqualMean: 0.5, rankCorrelation: null };

test("equal mean penalties: a penalty of twice the size gets half the coefficient", () => {
  const standard = { coefficient: 2.5, mean: { rollouts: 0.4, heldOut: 1 } };
  expect(scaledCoefficient(standard, { rollouts: 0.4, heldOut: 7 })).toBe(2.5);
  expect(scaledCoefficient(standard, { rollouts: 0.8, heldOut: 7 })).toBe(1.25);
  // One that lowers Bellman targets is compared on held-out data.
  expect(scaledCoefficient(standard, { rollouts: null, heldOut: 5 })).toBe(0.5);
  for (const mean of [0, Number.NaN, Infinity])
    expect(() => scaledCoefficient(standard, { rollouts: mean, heldOut: 1 })).toThrow("coefficient");
});

test("every penalty that stands for itself takes part", () => {
  const combinators = ["sum", "max", "scale", "clip"];
  const types = standardComponents.filter(({ kind }) => kind.name === "penalty").map(({ type }): string => type);
  expect(entrants.map(({ name }) => name).sort()).toEqual(types.filter((each) => !combinators.includes(each)).sort());
});

test("figures are taken where they were measured, and a refusal says why", () => {
  const penalty: PenaltyCalibrationReport = {
    ...measured,
    type: "density",
    unit: "nats",
    seesReward: false,
    on: "held-out",
    rows: 5,
    reliability: [],
    conformal: { level: 0.9, scale: null, covered: null },
    along: [],
  };
  const report = { penalties: [penalty], refused: [{ type: "density", on: "visits", reason: "no simulator" }] };
  expect(measuredOn(report, "density", "held-out")).toEqual(measured);
  expect(() => measuredOn(report, "density", "visits")).toThrow("no simulator");
});

const row = (penalty: string, trueReturn: number): LeagueRow => ({
  name: penalty,
  dataset: "hopper-medium-replay",
  penalty,
  updates: 10_000,
  coefficient: 2.5,
  commands: [`train ${penalty}`],
  behaviour: 352,
  modelReturn: null,
  trueReturn,
  trueStd: 1,
  heldOut: measured,
  visits: null,
  cost: 1.234,
});

test("the best return stands first, what is not known is left empty", () => {
  const lines = leagueTables([row("density", 300), row("divergence", 400)]).split("\n");
  const cells = lines
    .filter((line) => line.startsWith("| d"))
    .map((line) => line.split("|").map((cell) => cell.trim()));
  expect(cells.map(([, penalty]) => penalty)).toEqual(["divergence", "density"]);
  expect(cells[0]!.slice(2, -1)).toEqual(["2.50", "", "400 ± 1", "", "90.0 %", "50.0 %", "", "", "", "", "1.23 x"]);
  expect(lines.slice(-6, -2)).toEqual(["```sh", "train divergence", "train density", "```"]);
});

test("commands are those of a reader, with the file where they are", () => {
  const [entrant] = entrants;
  const run = { name: "x", dataset: "hopper-medium-replay", data: "/far", coefficient: 2, updates: 5 } as const;
  const [train, calibrate] = commandsOf(
    { ...run, entrant: entrant! },
    { runs: "/far/runs", threads: "1", flags: [] },
    3,
  );
  expect(train).toContain("--dataset.path hopper-medium-replay.hdf5 --penalty max-aleatoric");
  expect(train).toContain("--directory runs/x");
  expect(calibrate).toBe("npm run lowerbound -- calibrate runs/x --visits 3");
});

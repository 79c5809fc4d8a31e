import type { ChartSection, Table } from "../charts/chart.js";
import { type Outcome, outcomesOf, valuesOf } from "../charts/returns.js";
import { escapeText } from "../render/escape.js";
import { datasetNames } from "../runs/dataset-names.js";
import type { Group } from "../runs/group.js";
import { flatten } from "../runs/options.js";
import type { RunRecord } from "../runs/read-run.js";
import type { Summariser } from "../runs/summary.js";
import { paragraph, sectionHtml, tableHtml } from "./html.js";

/** A piece of the page. */
export interface Section {
  readonly id: string;
  readonly title: string;
  readonly html: string;
}

/** Charts of a section, each with its numbers, then why some are not there. */
export function chartSection(
  { id, title, charts, notes, lead = [], tables = [] }: ChartSection,
  svgs: ReadonlyMap<string, string>,
): Section {
  const figures = charts.map(
    (chart) =>
      `<figure>${svgs.get(chart.id) ?? ""}<details><summary>Numbers of this chart</summary>` +
      `${tableHtml(chart.table, `Numbers: ${chart.title}`)}</details></figure>`,
  );
  const grid = figures.length === 0 ? "" : `<div class="charts">${figures.join("")}</div>`;
  const below = tables.map((table) => card(tableHtml(table, `Table: ${title}`))).join("");
  const above = lead.map((text) => paragraph(text)).join("");
  const body = `${above}${grid}${below}${notes.map((note) => paragraph(note, "absent")).join("")}`;
  return { id, title, html: sectionHtml(id, title, body) };
}

/** What is missing, torn or counted twice; undefined where nothing is. */
export function notesSection(notes: readonly string[]): Section | undefined {
  if (notes.length === 0) return undefined;
  const title = "What is missing or doubtful";
  const items = notes.map((note) => `<li>${escapeText(note)}</li>`).join("");
  const body = `<div class="card warning"><ul class="notes">${items}</ul></div>`;
  return { id: "notes", title, html: sectionHtml("notes", title, body) };
}

/** Configurations with their returns over seeds, then every run. */
export function resultsSection(groups: readonly Group[], how: Summariser): Section {
  const title = "Results";
  const summary = card(tableHtml(groupTable(groups, how), "Results of configurations"));
  const note = paragraph(
    `Centre: ${how.centre} over seeds; interval: ${how.interval}, from two seeds on. Returns are undiscounted sums of rewards of the final policy.`,
    "note",
  );
  const many = groups.some(({ runs }) => runs.length > 1);
  const every = many ? `<h3>Every run</h3>${card(tableHtml(runTable(groups), "Results of runs"))}` : "";
  return { id: "results", title, html: sectionHtml("results", title, `${note}${summary}${every}`) };
}

const card = (body: string): string => `<div class="card">${body}</div>`;

function groupTable(groups: readonly Group[], how: Summariser): Table {
  const outcomes = outcomesOf(groups);
  const datasetOf = datasetNames(groups.flatMap(({ runs }) => runs));
  const summary = (label: string, which: "trueReturn" | "modelReturn") => {
    const values = valuesOf(outcomes, label, which);
    return values.length === 0 ? undefined : how.summarise(values);
  };
  return {
    columns: [
      "configuration",
      "data",
      "return of the data",
      "runs",
      "true return",
      "interval from",
      "interval to",
      "return in the model",
      "score",
    ],
    rows: groups.map(({ label, runs }) => {
      const truth = summary(label, "trueReturn");
      const scores = runs.flatMap(({ result }) => result?.evaluation?.normalisedScore ?? []);
      return [
        label,
        datasetOf(runs[0]!),
        runs[0]?.result?.dataset?.returns?.mean,
        runs.length,
        truth?.centre,
        truth?.low,
        truth?.high,
        divergedText(outcomes, label) ?? summary(label, "modelReturn")?.centre,
        scores.length === 0 ? undefined : how.summarise(scores).centre,
      ];
    }),
  };
}

/** How many runs of a configuration have no finite return in the model; undefined where all have. */
function divergedText(outcomes: readonly Outcome[], label: string): string | undefined {
  const runs = outcomes.filter(({ group }) => group === label);
  const diverged = runs.filter(({ modelReturn }) => modelReturn === null).length;
  if (diverged === 0) return undefined;
  return runs.length === 1 ? "diverged" : `diverged in ${diverged} of ${runs.length} runs`;
}

function runTable(groups: readonly Group[]): Table {
  return {
    columns: [
      "run",
      "configuration",
      "seed",
      "updates",
      "true return",
      "± over episodes",
      "return in the model",
      "score",
      "minutes",
    ],
    rows: groups.flatMap(({ label, runs }) =>
      runs.map(({ name, config, result }) => [
        name,
        label,
        numberOr(config?.seed),
        numberOr(result?.trained.updates),
        result?.evaluation?.mean,
        result?.evaluation?.std,
        result?.imagined?.mean === null ? "diverged" : result?.imagined?.mean,
        result?.evaluation?.normalisedScore,
        minutes(result?.seconds),
      ]),
    ),
  };
}

const numberOr = (value: unknown): number | undefined => (typeof value === "number" ? value : undefined);

function minutes(seconds: Readonly<Record<string, number>> | undefined): number | undefined {
  const values = Object.values(seconds ?? {});
  return values.length === 0 ? undefined : Math.round((values.reduce((sum, each) => sum + each, 0) / 60) * 10) / 10;
}

/** Options side by side, those that differ first. */
export function configurationSection(groups: readonly Group[]): Section {
  const title = "Configuration";
  const options = groups.map(({ runs }) => new Map(flattenConfig(runs[0])));
  const paths = [...new Set(options.flatMap((each) => [...each.keys()]))];
  const differs = (path: string) => new Set(options.map((each) => each.get(path))).size > 1;
  const table = (wanted: readonly string[]): Table => ({
    columns: ["option", ...groups.map(({ label }) => label)],
    rows: wanted.map((path) => [path, ...options.map((each) => each.get(path))]),
  });
  const different = groups.length > 1 ? paths.filter(differs) : [];
  const same = paths.filter((path) => !different.includes(path));
  const common: Table = { columns: ["option", "value"], rows: same.map((path) => [path, options[0]?.get(path)]) };
  const parts = [
    ...(different.length === 0
      ? []
      : [`<h3>Options that differ</h3>${card(tableHtml(table(different), "Options that differ"))}`]),
    ...(same.length === 0
      ? []
      : [`<h3>${groups.length > 1 ? "Options in common" : "Options"}</h3>${card(tableHtml(common, "Options"))}`]),
  ];
  const body =
    parts.length === 0 ? paragraph("No run has a configuration that can be read.", "absent") : parts.join("");
  return { id: "configuration", title, html: sectionHtml("configuration", title, body) };
}

const flattenConfig = (run: RunRecord | undefined): readonly (readonly [string, string])[] =>
  Object.entries(run?.config ?? {})
    .filter(([name]) => name !== "seed")
    .flatMap(([name, value]) => flatten(name, value));

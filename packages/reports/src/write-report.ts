import { join } from "node:path";
import { writeAtomically } from "@lowerbound/runs";
import { alongCharts } from "./charts/along.js";
import { betaCharts } from "./charts/beta.js";
import { calibrationCharts } from "./charts/calibration.js";
import { certificateCharts } from "./charts/certificate.js";
import type { ChartSection } from "./charts/chart.js";
import { present } from "./charts/frame.js";
import { offPolicyCharts } from "./charts/off-policy.js";
import { otherFigures } from "./charts/other-figures.js";
import { taskCharts } from "./charts/over-tasks.js";
import { planCharts } from "./charts/plan.js";
import { predictionCharts } from "./charts/prediction.js";
import { returnCharts } from "./charts/returns.js";
import { selectionCharts } from "./charts/selection.js";
import { learnerCharts, rolloutCharts } from "./charts/training.js";
import { pageHtml } from "./page/page.js";
import { chartSection, configurationSection, notesSection, resultsSection } from "./page/sections.js";
import { hasFonts, renderPng } from "./render/png.js";
import { renderSvg } from "./render/svg.js";
import { datasetNames } from "./runs/dataset-names.js";
import { type Group, groupRuns, repeatedSeeds } from "./runs/group.js";
import type { RunRecord } from "./runs/read-run.js";
import type { Summariser, TaskComparison } from "./runs/summary.js";

export interface ReportOptions {
  /** Folder for `report.html` and the charts. */
  readonly output: string;
  readonly summariser: Summariser;
  /** Left out, configurations are not compared over datasets. */
  readonly comparison?: TaskComparison;
}

/** Files that were written, and what was left out. */
export interface WrittenReport {
  readonly page: string;
  readonly charts: readonly string[];
  readonly notes: readonly string[];
}

/**
 * Write one self-contained `report.html` of runs, and each chart beside it as SVG and, where the machine has a font, PNG.
 *
 * Runs that differ by their seed alone are put together. A file of a run that is missing or torn is named in the page.
 * @throws FileError where the folder cannot be written
 */
export async function writeReport(runs: readonly RunRecord[], options: ReportOptions): Promise<WrittenReport> {
  const { output, summariser } = options;
  const groups = groupRuns(runs);
  const sections = chartSections(runs, groups, options);
  const charts = sections.flatMap((section) => section.charts);
  const svgs = new Map<string, string>();
  for (const chart of charts) svgs.set(chart.id, await renderSvg(chart));
  const files = await writeCharts(output, svgs);
  const page = join(output, "report.html");
  const ofRuns = runs.flatMap((run) => run.notes.map((note) => `${run.name}: ${note}`));
  const notes = [...ofRuns, ...repeatedSeeds(groups)];
  await writeAtomically(page, pageOf(runs, groups, sections, { svgs, notes, how: summariser }));
  const fontless = files.pngs
    ? []
    : ["no PNG was written: this machine has no font (install one, such as DejaVu Sans)"];
  return { page, charts: files.paths, notes: [...notes, ...fontless] };
}

function chartSections(
  runs: readonly RunRecord[],
  groups: readonly Group[],
  { summariser: how, comparison }: ReportOptions,
): readonly ChartSection[] {
  return present(
    returnCharts(groups, how),
    comparison && taskCharts(groups, how, comparison),
    rolloutCharts(groups, how),
    learnerCharts(groups, how),
    selectionCharts(runs),
    betaCharts(runs),
    calibrationCharts(runs),
    alongCharts(runs),
    offPolicyCharts(runs),
    predictionCharts(runs),
    planCharts(runs),
    certificateCharts(runs),
    otherFigures(groups, how),
  );
}

async function writeCharts(output: string, svgs: ReadonlyMap<string, string>) {
  const pngs = hasFonts();
  const paths: string[] = [];
  for (const [id, svg] of svgs) {
    const path = join(output, "charts", id);
    await writeAtomically(`${path}.svg`, svg);
    if (pngs) await writeAtomically(`${path}.png`, renderPng(svg));
    paths.push(`${path}.svg`, ...(pngs ? [`${path}.png`] : []));
  }
  return { pngs, paths };
}

interface PageParts {
  readonly svgs: ReadonlyMap<string, string>;
  readonly notes: readonly string[];
  readonly how: Summariser;
}

function pageOf(
  runs: readonly RunRecord[],
  groups: readonly Group[],
  sections: readonly ChartSection[],
  { svgs, notes, how }: PageParts,
): string {
  const doubtful = notesSection(notes);
  const datasets = [...new Set(runs.map(datasetNames(runs)))].join(", ");
  const title = runs.length === 1 ? `Run ${runs[0]!.name}` : `${runs.length} runs`;
  const kinds = groups.length === 1 ? groups[0]!.label : `${groups.length} configurations`;
  return pageHtml(title, `${kinds} on ${datasets}`, [
    ...(doubtful === undefined ? [] : [doubtful]),
    resultsSection(groups, how),
    ...sections.map((section) => chartSection(section, svgs)),
    configurationSection(groups),
  ]);
}

import { counted } from "@lowerbound/core";
import type { ConventionReport, DatasetReport, Finding } from "./report.js";

const short = (value: number): string => (Number.isInteger(value) ? String(value) : value.toPrecision(4));

/** The report as text for a terminal. */
export function renderReport(report: DatasetReport): string {
  const { lengths, ends, reference } = report;
  const lines = [
    `${report.path} (${report.layout}${report.environmentId === undefined ? "" : `, ${report.environmentId}`})`,
    `  ${counted(report.episodes, "episode")}, ${counted(report.steps, "step")}; observation ${report.observation}, action ${report.action}`,
    `  lengths ${lengths.min} to ${lengths.max}, median ${lengths.median}`,
    returnsLine(report.returns),
    reference === undefined
      ? "  reference returns: none"
      : `  reference returns ${reference.random} to ${reference.expert}: ${reference.source}`,
    `  ends: ${ends.terminals} terminals, ${ends.timeouts} time-outs, ${ends.both} both${ends.cutByEnd ? ", last one cut" : ""}`,
    "",
    "  values        least       greatest    not finite",
    ...report.columns.map(columnLine),
    "",
    "  loader                 transitions  terminals  dropped  crossing",
    ...report.conventions.map(conventionLine),
    "",
    ...(report.findings.length === 0 ? ["  nothing to complain about"] : []),
    ...report.findings.map(findingLine),
  ];
  return `${lines.join("\n")}\n`;
}

function returnsLine({ mean, std, min, max }: DatasetReport["returns"]): string {
  if (!Number.isFinite(mean)) return "  returns: none, not every reward is a finite number";
  return `  returns ${short(mean)} ± ${short(std)}, ${short(min)} to ${short(max)}`;
}

const findingLine = ({ severity, text, remedy }: Finding): string =>
  `  ${severity}: ${text}${remedy === undefined ? "" : `\n    remedy: ${remedy}`}`;

function columnLine({ key, min, max, nonFinite }: DatasetReport["columns"][number]): string {
  const least = short(min.reduce((a, b) => Math.min(a, b), Infinity));
  const most = short(max.reduce((a, b) => Math.max(a, b), -Infinity));
  const name = key.length > 17 ? `${key.slice(0, 16)}…` : key;
  return `  ${name.padEnd(18)}${least.padStart(10)}  ${most.padStart(10)}  ${String(nonFinite).padStart(10)}`;
}

function conventionLine({ convention, unusable, transitions, terminals, dropped, crossing }: ConventionReport): string {
  const name = `  ${convention.padEnd(21)}`;
  if (unusable !== undefined) return `${name}  ${unusable}`;
  const cells = [
    [transitions, 13],
    [terminals, 11],
    [dropped, 9],
    [crossing, 10],
  ] as const;
  return name + cells.map(([value, width]) => String(value).padStart(width)).join("");
}

import type { Group } from "../runs/group.js";
import type { Summariser } from "../runs/summary.js";
import type { ChartSection } from "./chart.js";
import { present } from "./frame.js";
import { figureChart } from "./training.js";

/** Figures that have charts of their own, columns, and counts that tell nothing as a curve. */
const ELSEWHERE: readonly string[] = [
  ...["phase", "step", "time", "return", "returnStd", "normalisedScore", "environmentSteps"],
  ...["modelReward", "penalty", "reshapedReward", "rolloutTerminations", "rolloutTransitions", "rolloutSteps"],
  ...["dataQ", "modelQ", "policyQ", "qGap", "qSeparation", "qMean", "targetMean"],
];

/** A chart for every other figure that training logged: losses, and whatever an algorithm of one's own logs. */
export function otherFigures(groups: readonly Group[], how: Summariser): ChartSection | undefined {
  const rows = groups.flatMap(({ runs }) => runs).flatMap((run) => run.rows.filter(({ phase }) => phase === "train"));
  const names = new Set(rows.flatMap((row) => Object.keys(row).filter((name) => typeof row[name] === "number")));
  const wanted = [...names].filter((name) => !ELSEWHERE.includes(name)).sort();
  if (wanted.length === 0) return undefined;
  const charts = wanted.map((figure, at) =>
    figureChart(groups, how, { id: fileName(figure, wanted.slice(0, at)), figure, title: figure, y: figure }),
  );
  return { id: "others", title: "Other figures of training", charts: present(...charts), notes: [] };
}

/** A name that is safe as a file's and an anchor, and that none before it has. */
function fileName(figure: string, before: readonly string[]): string {
  const safe = (name: string) => `figure-${name.replaceAll(/[^A-Za-z0-9]+/g, "-").toLowerCase()}`;
  const rivals = before.filter((name) => safe(name) === safe(figure)).length;
  return rivals === 0 ? safe(figure) : `${safe(figure)}-${rivals + 1}`;
}

import type { RunRecord } from "../runs/read-run.js";
import type { Chart, ChartSection, Table } from "./chart.js";
import { type Dot, type DotsOptions, dots } from "./dots.js";
import { present } from "./frame.js";

/** What a run chose from the log alone, with the run's name. */
export type Named<T> = T & { readonly name: string };

/** A candidate as the chart has it. */
export interface CandidateDot extends Pick<Dot, "low" | "high"> {
  readonly label: string;
  readonly chosen: boolean;
  /** What candidates are compared by; null where it is no finite number. */
  readonly value: number | null;
}

export interface ChoiceOptions<T> {
  readonly section: Pick<ChartSection, "id" | "title">;
  readonly chart: Omit<DotsOptions, "id" | "kinds" | "dots">;
  /** How a run chose; undefined where it was given what others choose. */
  readonly chosenOf: (run: RunRecord) => T | undefined;
  /** What was chosen and why, in a sentence or two. */
  readonly verdictOf: (chosen: Named<T>) => string;
  /** In the order in which they are drawn. */
  readonly candidatesOf: (chosen: Named<T>) => readonly CandidateDot[];
  readonly tableOf: (found: readonly Named<T>[]) => Table;
}

const [CHOSEN, OTHER] = ["chosen", "another candidate"];

/** How runs chose an option among candidates: what each came to, the chosen ones marked; undefined where none did. */
export function choiceCharts<T>(runs: readonly RunRecord[], options: ChoiceOptions<T>): ChartSection | undefined {
  const found = runs.flatMap((run): readonly Named<T>[] => {
    const chosen = options.chosenOf(run);
    return chosen === undefined ? [] : [{ ...chosen, name: run.name }];
  });
  if (found.length === 0) return undefined;
  const of = ({ name }: Named<T>, between: string): string => (found.length === 1 ? "" : `${name}${between}`);
  return {
    ...options.section,
    lead: found.map((each) => `${of(each, ": ")}${options.verdictOf(each)}`),
    charts: present(candidatesChart(found, options, (each) => of(each, " · "))),
    notes: [],
    tables: [options.tableOf(found)],
  };
}

function candidatesChart<T>(
  found: readonly Named<T>[],
  { section, chart, candidatesOf }: ChoiceOptions<T>,
  prefixOf: (chosen: Named<T>) => string,
): Chart | undefined {
  return dots({
    ...chart,
    id: section.id,
    kinds: [CHOSEN, OTHER],
    dots: found.flatMap((each) =>
      candidatesOf(each).flatMap(({ label, chosen, value, low, high }): readonly Dot[] =>
        value === null ? [] : [{ row: `${prefixOf(each)}${label}`, kind: chosen ? CHOSEN : OTHER, value, low, high }],
      ),
    ),
  });
}

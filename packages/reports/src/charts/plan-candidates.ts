import type { TopLevelSpec } from "vega-lite";
import { colourAt, muted } from "../render/theme.js";
import type { Plan, PlanTrace, TraceOf } from "../runs/plan.js";
import type { Chart, Table } from "./chart.js";
import { curves, type Series } from "./curves.js";
import { chart, framed, HEIGHT, type Heading } from "./frame.js";

/** A run's plan. */
export interface Planned {
  /** What tells it from others. */
  readonly name: string;
  /** What the names of its lines begin with: nothing where it is the only one. */
  readonly prefix: string;
  readonly plan: Plan;
}

interface Kept<Kind extends PlanTrace["kind"]> {
  readonly name: string;
  readonly step: number;
  readonly trace: TraceOf<Kind>;
}

/** The first kept plan that has candidates of a kind. */
function firstOf<Kind extends PlanTrace["kind"]>(found: readonly Planned[], kind: Kind): Kept<Kind> | undefined {
  const isKind = (trace: PlanTrace | undefined): trace is TraceOf<Kind> => trace?.kind === kind;
  for (const { name, plan } of found) {
    for (const { step, trace } of plan.episodes[0]?.plans ?? []) if (isKind(trace)) return { name, step, trace };
  }
  return undefined;
}

/** A candidate's way from its parent: a line of the drawing. */
interface Edge {
  readonly depth: number;
  readonly value: number;
  readonly parentDepth: number;
  readonly parentValue: number;
  readonly weight: number;
  readonly chosen: boolean;
}

/** Scores of the beams kept at each depth, and the way to the best one. */
export function beamChart(found: readonly Planned[]): Chart | undefined {
  const kept = firstOf(found, "beams");
  if (kept === undefined) return undefined;
  const { depths } = kept.trace;
  const chosen = chosenBeams(depths);
  const edges = depths.flatMap(({ parents, scores }, depth) =>
    depth === 0
      ? []
      : scores.map((value, i): Edge => {
          const parent = parents[i]!;
          return {
            depth: depth + 1,
            value,
            parentDepth: depth,
            parentValue: depths[depth - 1]!.scores[parent] ?? value,
            weight: 1,
            chosen: chosen[depth] === i,
          };
        }),
  );
  const heading = {
    title: "Beams of one plan",
    subtitle: `Kept sequences at step ${kept.step} of ${kept.name}: score (rewards and value of what follows) by depth; the plan is dark`,
  };
  return edgeChart("plan-beams", heading, edges, { x: "steps ahead", y: "score" });
}

/** Index of the best sequence's step among those kept at each depth. */
function chosenBeams(depths: TraceOf<"beams">["depths"]): readonly number[] {
  const chosen = new Array<number>(depths.length).fill(0);
  for (let depth = depths.length - 1; depth > 0; depth--) {
    chosen[depth - 1] = depths[depth]!.parents[chosen[depth]!] ?? 0;
  }
  return chosen;
}

/** The search tree: mean return by depth, wide where it was visited often. */
export function treeChart(found: readonly Planned[]): Chart | undefined {
  const kept = firstOf(found, "tree");
  if (kept === undefined) return undefined;
  const { nodes } = kept.trace;
  const depths: number[] = [];
  for (const { parent } of nodes) depths.push(parent < 0 ? 0 : depths[parent]! + 1);
  const chosen = chosenNodes(nodes);
  const edges = nodes.flatMap(({ parent, visits, mean }, i): readonly Edge[] => {
    if (parent < 0) return [];
    const [depth, parentDepth] = [depths[i]!, depths[parent]!];
    return [
      { depth, value: mean, parentDepth, parentValue: nodes[parent]!.mean, weight: visits, chosen: chosen.has(i) },
    ];
  });
  const heading = {
    title: "Search tree of one plan",
    subtitle: `Nodes at step ${kept.step} of ${kept.name}: mean return from each by depth, wider where visited more; the plan is dark`,
  };
  return edgeChart("plan-tree", heading, edges, { x: "steps ahead", y: "mean return of a node" });
}

/** From the root's most visited child on. */
function chosenNodes(nodes: TraceOf<"tree">["nodes"]): ReadonlySet<number> {
  const children = new Map<number, number[]>();
  nodes.forEach(({ parent }, i) => {
    children.set(parent, [...(children.get(parent) ?? []), i]);
  });
  const chosen = new Set<number>();
  for (let node = 0; ; ) {
    const below = children.get(node) ?? [];
    const [next] = below.sort((a, b) => nodes[b]!.visits - nodes[a]!.visits || nodes[b]!.mean - nodes[a]!.mean);
    if (next === undefined) return chosen;
    chosen.add(next);
    node = next;
  }
}

function edgeChart(
  id: string,
  heading: Heading,
  edges: readonly Edge[],
  { x, y }: { readonly x: string; readonly y: string },
): Chart | undefined {
  if (edges.length === 0) return undefined;
  const table: Table = {
    columns: [x, y, "of the step before", "visits", "in the plan"],
    rows: edges.map(({ depth, value, parentValue, weight, chosen }) => [
      depth,
      value,
      parentValue,
      weight,
      chosen ? "yes" : "no",
    ]),
  };
  return chart(id, heading, `Horizontal: ${x}; vertical: ${y}.`, edgeSpec(heading, edges, { x, y }), table);
}

function edgeSpec(
  heading: Heading,
  edges: readonly Edge[],
  names: { readonly x: string; readonly y: string },
): TopLevelSpec {
  const axis = (field: string, title: string) => ({
    field,
    type: "quantitative" as const,
    title,
    scale: { zero: false, nice: field !== "parentDepth" },
  });
  const encoding = {
    x: { ...axis("parentDepth", names.x), axis: { tickMinStep: 1, format: "d" } },
    x2: { field: "depth" },
    y: axis("parentValue", names.y),
    y2: { field: "value" },
  };
  const weights = edges.map(({ weight }) => weight);
  const [least, most] = [Math.min(...weights), Math.max(...weights)];
  const widthOf = ({ weight }: Edge): number => (least === most ? 1 : 0.8 + 4 * Math.sqrt(weight / most));
  const values = (chosen: boolean) =>
    edges.filter((edge) => edge.chosen === chosen).map((edge) => ({ ...edge, width: widthOf(edge) }));
  const width = { field: "width", type: "quantitative" as const, scale: null, legend: null };
  return {
    ...framed(heading, HEIGHT),
    layer: [
      {
        data: { values: values(false) },
        mark: { type: "rule", color: muted.light, opacity: 0.35 },
        encoding: { ...encoding, strokeWidth: width },
      },
      { data: { values: values(true) }, mark: { type: "rule", color: colourAt(0), strokeWidth: 3 }, encoding },
    ],
  };
}

/** Scores of a trajectory optimiser's rounds: lowest, median, highest. */
export function roundsChart(found: readonly Planned[]): Chart | undefined {
  const kept = firstOf(found, "rounds");
  if (kept === undefined) return undefined;
  const line = (label: "low" | "median" | "high", colour: number): Series => ({
    label: { low: "lowest", median: "median", high: "highest" }[label],
    colour,
    dash: colour,
    points: kept.trace.rounds.flatMap((round, i) => {
      const centre = round[label];
      return centre === undefined ? [] : [{ step: i + 1, centre, runs: 1 }];
    }),
  });
  return curves({
    id: "plan-rounds",
    title: "Scores of the rounds of one plan",
    subtitle: `Action sequences scored at step ${kept.step} of ${kept.name}, after what is taken off for uncertainty`,
    x: "round",
    y: "score of a sequence",
    xFormat: "d",
    series: [line("high", 0), line("median", 1), line("low", 2)],
  });
}

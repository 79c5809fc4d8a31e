import type { TopLevelSpec } from "vega-lite";
import { colourAt, muted } from "../render/theme.js";
import type { Group } from "../runs/group.js";
import type { Chart } from "./chart.js";
import { chart, framed, HEIGHT, type Heading } from "./frame.js";

interface Pair {
  readonly series: string;
  readonly run: string;
  readonly truth: number;
  readonly model: number;
}

/** An episode; null in the model where that diverged. */
type Episode = Omit<Pair, "model"> & { readonly model: number | null };

/** Episodes from the same start states, in the simulator and in the model. */
function episodesOf(groups: readonly Group[]): readonly Episode[] {
  return groups.flatMap(({ label, runs }) =>
    runs.flatMap(({ name, result }) => {
      const [truths, models] = [result?.evaluation?.returns ?? [], result?.imagined?.returns ?? []];
      if (truths.length !== models.length) return [];
      return truths.map((truth, at) => ({ series: label, run: name, truth, model: models[at]! }));
    }),
  );
}

/** A mark an episode: what the model promised against what came true. */
export function modelAgainstTruth(groups: readonly Group[]): Chart | undefined {
  const episodes = episodesOf(groups);
  const pairs = episodes.filter((episode): episode is Pair => episode.model !== null);
  if (pairs.length === 0) return undefined;
  const diverged = episodes.length - pairs.length;
  const title = "Return in the model against true return";
  const subtitle =
    "Mark: an episode of the final policy, from one start in both; above the line the model promises too much" +
    (diverged === 0 ? "" : `; not drawn: ${diverged} of ${episodes.length}, in which the model diverged`);
  return chart(
    "model-against-truth",
    { title, subtitle },
    "Horizontal: true return; vertical: return in the model.",
    scatterSpec({ title, subtitle }, groups, pairs),
    {
      columns: ["configuration", "run", "true return", "return in the model"],
      rows: episodes.map(({ series, run, truth, model }) => [series, run, truth, model ?? "diverged"]),
    },
  );
}

const SHAPES = ["circle", "square", "triangle-up", "diamond", "cross", "triangle-down"];

function scatterSpec(heading: Heading, groups: readonly Group[], pairs: readonly Pair[]): TopLevelSpec {
  const all = pairs.flatMap(({ truth, model }) => [truth, model]);
  const margin = 0.05 * (Math.max(...all) - Math.min(...all) || 1);
  const domain = [Math.min(...all) - margin, Math.max(...all) + margin];
  const used = groups
    .map(({ label }, at) => ({ label, at }))
    .filter(({ label }) => pairs.some((pair) => pair.series === label));
  const labels = used.map(({ label }) => label);
  const axis = (field: string, name: string) => ({
    field,
    type: "quantitative" as const,
    title: name,
    scale: { domain, nice: false, zero: false },
  });
  return {
    ...framed(heading, HEIGHT),
    layer: [
      {
        data: { values: domain.map((value) => ({ truth: value, model: value })) },
        mark: { type: "line", color: muted.light, strokeDash: [3, 3], strokeWidth: 1 },
        encoding: {
          x: axis("truth", "true return (reward units)"),
          y: axis("model", "return in the model (reward units)"),
        },
      },
      {
        data: { values: pairs.map((pair) => ({ ...pair })) },
        mark: { type: "point", size: 52, strokeWidth: 1.5, opacity: 0.85 },
        encoding: {
          x: axis("truth", "true return (reward units)"),
          y: axis("model", "return in the model (reward units)"),
          color: {
            field: "series",
            type: "nominal",
            scale: { domain: labels, range: used.map(({ at }) => colourAt(at)) },
          },
          shape: {
            field: "series",
            type: "nominal",
            scale: { domain: labels, range: used.map(({ at }) => SHAPES[at % SHAPES.length]!) },
          },
        },
      },
    ],
  };
}

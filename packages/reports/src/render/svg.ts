import { parse, View } from "vega";
import { compile } from "vega-lite";
import type { Chart } from "../charts/chart.js";
import { chartConfig } from "./config.js";
import { escapeText } from "./escape.js";
import { useTextWidth } from "./text-width.js";
import { darkRules } from "./theme.js";

/** A chart as SVG: named and described for those who hear it, dark where the reader prefers that. */
export async function renderSvg(chart: Chart): Promise<string> {
  useTextWidth();
  const view = new View(parse(compile(chart.spec, { config: chartConfig }).spec), { renderer: "none" });
  try {
    return dressed(await view.toSVG(), chart);
  } finally {
    view.finalize();
  }
}

function dressed(svg: string, { id, title, description }: Chart): string {
  const [, attributes = "", body = ""] = /^<svg([^>]*)>(.*)<\/svg>\s*$/s.exec(svg) ?? [];
  const viewBox = /viewBox="[^"]*"/.exec(attributes)?.[0] ?? "";
  const width = /\bwidth="([\d.]+)"/.exec(attributes)?.[1] ?? "600";
  const height = /\bheight="([\d.]+)"/.exec(attributes)?.[1] ?? "400";
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" id="chart-${id}" class="chart" width="${width}" height="${height}" ${viewBox} `,
    `role="img" aria-labelledby="${id}-title ${id}-desc">`,
    `<title id="${id}-title">${escapeText(title)}</title>`,
    `<desc id="${id}-desc">${escapeText(description)}</desc>`,
    `<style>${darkRules(`#chart-${id}`)}</style>`,
    quiet(body),
    "</svg>\n",
  ].join("");
}

/** Without the roles of single marks: the chart is one image to those who hear it, and its numbers are in a table. */
const quiet = (body: string): string =>
  body.replaceAll(/<[a-z][^>]*>/g, (tag) => tag.replaceAll(/ (?:role|aria-[a-z]+)="[^"]*"/g, ""));

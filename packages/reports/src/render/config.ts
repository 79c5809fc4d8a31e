import type { Config } from "vega-lite";
import { font, ink, line, muted, paper } from "./theme.js";

const label = { labelColor: muted.light, labelFontSize: 12, labelFont: font };
const title = { titleColor: ink.light, titleFontSize: 12, titleFont: font, titleFontWeight: "normal" as const };

/** How every chart looks. */
export const chartConfig: Config = {
  background: paper.light,
  padding: 16,
  aria: false,
  font,
  view: { stroke: null },
  title: {
    anchor: "start",
    frame: "bounds",
    color: ink.light,
    fontSize: 15,
    fontWeight: 600,
    subtitleColor: muted.light,
    subtitleFontSize: 12,
    subtitlePadding: 5,
    offset: 14,
  },
  axis: {
    ...label,
    ...title,
    domainColor: line.light,
    gridColor: line.light,
    tickColor: line.light,
    labelPadding: 6,
    titlePadding: 10,
    tickCount: 6,
  },
  axisX: { grid: false },
  axisY: { domain: false, ticks: false },
  legend: {
    ...label,
    labelColor: ink.light,
    title: null,
    orient: "bottom",
    direction: "vertical",
    symbolSize: 160,
    symbolStrokeWidth: 2,
    rowPadding: 4,
    labelLimit: 560,
    offset: 12,
  },
};

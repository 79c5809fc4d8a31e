export { predictionFigure } from "./charts/prediction.js";
export { type Bar, type FilmStripOptions, type Frame, filmStrip, type Reel } from "./render/film-strip.js";
export { hasFonts, renderPng } from "./render/png.js";
export { type Group, groupRuns } from "./runs/group.js";
export type { Prediction } from "./runs/prediction.js";
export { type RunRecord, readRun, runNames } from "./runs/read-run.js";
export type { Summariser, Summary, TaskComparison, TaskScores } from "./runs/summary.js";
export { type ReportOptions, type WrittenReport, writeReport } from "./write-report.js";

// A user's first run with the installed command: a log and a penalty of their own, few updates.
import { copyFile } from "node:fs/promises";
import { join } from "node:path";
import { writeHeatingLog } from "../docs-test/data.js";
import { root, type WorkspacePackage } from "../workspace/packages.js";
import { check } from "./example.js";

const options = {
  directory: "run",
  plugin: "./my-penalty.ts",
  dataset: "jsonl",
  "dataset.path": "log.jsonl",
  "dataset.episode": "day",
  "dataset.truncation": "truncated",
  dynamics: "ensemble",
  "dynamics.maximumEpochs": "1",
  penalty: "mean-aleatoric",
  termination: "never",
  algorithm: "mopo",
  "algorithm.updates": "20",
  "algorithm.rolloutBatch": "64",
  "algorithm.modelReturnHorizon": "5",
};

/** Trains where the package brings the `lowerbound` command; on whatever onnxruntime was installed. */
export async function trainWithCommand({ manifest: { bin } }: WorkspacePackage, folder: string): Promise<void> {
  if (typeof bin !== "object" || bin === null || !("lowerbound" in bin)) return;
  writeHeatingLog(folder);
  await copyFile(join(root, "examples", "my-penalty.ts"), join(folder, "my-penalty.ts"));
  const flags = Object.entries(options).flatMap(([name, value]) => [`--${name}`, value]);
  await check("lowerbound train", join(folder, "node_modules", ".bin", "lowerbound"), ["train", ...flags], folder);
}

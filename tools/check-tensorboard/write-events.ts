// Writes what a killed and resumed run leaves behind, with the figures a reader must find: argv[2] is an empty folder.
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { createPipeline, Logger } from "@lowerbound/core";
import { tensorboard } from "@lowerbound/runs";

const [, , folder = "."] = process.argv;
const logger = createPipeline([tensorboard], { logger: { type: "tensorboard" } }).get(Logger);
const expected: Record<string, Record<string, [number, number][]>> = {
  train: { loss: [], "evaluation/return": [] },
  dynamics: { holdout: [] },
};

async function session(
  resumeAfter: ReadonlyMap<string, number>,
  from: number,
  to: number,
  salt: number,
): Promise<void> {
  const sink = await logger.open(folder, resumeAfter);
  for (let step = from; step <= to; step += 100) {
    const loss = Math.fround(salt / step);
    sink.write({ phase: "train", step, time: Date.now() / 1000, figures: { loss, "evaluation/return": step + salt } });
    expected.train!.loss!.push([step, loss]);
    expected.train!["evaluation/return"]!.push([step, step + salt]);
  }
  await sink.close();
}

const fit = await logger.open(folder, new Map());
for (let step = 1; step <= 5; step++) {
  fit.write({ phase: "dynamics", step, time: Date.now() / 1000, figures: { holdout: 1 / 2 ** step } });
  expected.dynamics!.holdout!.push([step, 1 / 2 ** step]);
}
await fit.close();
await session(new Map(), 100, 1000, 1);
// The run is killed and goes on from step 500: what followed must be forgotten.
for (const series of Object.values(expected.train!)) series.splice(5);
await session(
  new Map([
    ["train", 500],
    ["dynamics", 5],
  ]),
  600,
  1500,
  2,
);
await writeFile(join(folder, "expected.json"), JSON.stringify(expected));

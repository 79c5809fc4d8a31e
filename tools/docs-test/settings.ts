// How each example of the pages is run in a test: on small data, with few updates, and what it must print.
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { writeHeatingCsv, writeHeatingLog, writeHopperLike } from "./data.js";

export interface Setting {
  /** Puts what the example reads into its folder. */
  readonly prepare: (folder: string) => Promise<void> | void;
  /** Sizes of a real run, and those of a test. */
  readonly replace: readonly (readonly [from: string, to: string])[];
  /** Examples that it goes on from. */
  readonly after?: readonly string[];
  /** What it must print. */
  readonly prints: RegExp;
}

const fewUpdates = (from: string): readonly [string, string] => [
  from,
  "updates: 20, rolloutBatch: 64, modelReturnHorizon: 5",
];
const smallEnsemble = [
  '{ type: "ensemble" }',
  '{ type: "ensemble", hiddenSizes: [16, 16], weightDecays: [1e-5, 1e-5, 1e-5], maximumEpochs: 2 }',
] as const;

export const settings: Readonly<Record<string, Setting>> = {
  pipeline: {
    prepare: writeHopperLike,
    replace: [fewUpdates("updates: 30_000"), smallEnsemble],
    prints: /action in the zero observation: \[ -?[\d.e-]+, -?[\d.e-]+, -?[\d.e-]+ \]/,
  },
  penalty: {
    // A plug-in prints nothing by itself: it is written down and then used by name.
    prepare: (folder) => writeFileSync(join(folder, "use.ts"), usePenalty),
    replace: [],
    prints: /u of 2 pairs: 2,2/,
  },
  "own-log": {
    prepare: writeHeatingLog,
    replace: [fewUpdates("updates: 50_000"), smallEnsemble],
    prints: /train: [\d.]+/,
  },
  "own-sequence": {
    prepare: writeHeatingLog,
    replace: [],
    prints: /heat with -?[01]\.\d\d/,
  },
  "own-parts": {
    prepare: writeHeatingCsv,
    replace: [fewUpdates("updates: 50_000"), smallEnsemble],
    prints: /heat with -?[01]\.\d\d/,
  },
  "own-policy": {
    prepare: () => {},
    after: ["own-log"],
    replace: [],
    prints: /heat with -?[01]\.\d\d/,
  },
  "own-comparison": {
    prepare: () => {},
    after: ["own-log"],
    replace: [],
    prints: /(in -?[\d.e-]+,-?[\d.e-]+: logged -?[\d.e-]+, policy -?[\d.e-]+\n){5}/,
  },
};

const usePenalty = `import { createPipeline, UncertaintyPenalty } from "@lowerbound/core";
import * as tf from "@tensorflow/tfjs";
import meanAleatoric from "./penalty.js";

const pipeline = createPipeline([meanAleatoric], { penalty: { type: "mean-aleatoric", floor: 0.5 } });
const four = (...shape: number[]) => tf.ones(shape);
const u = pipeline.get(UncertaintyPenalty).penalise({
  observation: four(2, 3), action: four(2, 1), sampleObservation: four(2, 3), sampleReward: four(2, 1),
  meanObservation: four(5, 2, 3), meanReward: four(5, 2, 1), logVar: tf.zeros([5, 2, 4]), elites: tf.range(0, 5, 1, "int32"),
}, {});
console.log(\`u of 2 pairs: \${await u.data()}\`);
`;

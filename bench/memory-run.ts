// memory-run.ts FILE DIRECTORY: one epoch of the ensemble, as many rollouts of published size as the buffer keeps.
import { createPipeline } from "@lowerbound/core";
import { standardComponents } from "@lowerbound/standard";

const [, , path = "", directory = ""] = process.argv;

const pipeline = createPipeline(standardComponents, {
  dataset: { type: "d4rl-hdf5", path },
  dynamics: { type: "ensemble", maximumEpochs: 1 },
  penalty: { type: "max-aleatoric" },
  algorithm: { type: "mopo", penaltyCoefficient: 0.5, updates: 2000, rolloutFrequency: 400 },
});
await pipeline.run({ directory, quiet: true });
await pipeline.dispose();
// The highest resident memory so far (VmHWM on Linux), in units of 1024 bytes.
console.log(JSON.stringify({ peakMegabytes: (process.resourceUsage().maxRSS * 1024) / 1e6 }));

import { Algorithm } from "../contracts/algorithm.js";
import { Dataset, type Dimensions } from "../contracts/dataset.js";
import { Engine } from "../contracts/engine.js";
import type { Policy } from "../contracts/policy.js";
import { type RunOptions, RunStore } from "../contracts/run.js";
import { FileError } from "../errors.js";
import type { Scope } from "../registry/container.js";

export interface AskedPolicy {
  readonly snapshot: string;
  /** Those of the log where left out. */
  readonly dimensions: Dimensions | undefined;
}

/** The policy that a run keeps under a name. @throws FileError where it keeps none */
export async function restorePolicy(scope: Scope, options: RunOptions, asked: AskedPolicy): Promise<Policy> {
  const run = await scope.inject(RunStore).create(options);
  try {
    const kept = await run.phase("train").kept(asked.snapshot);
    if (kept === undefined) throw noSnapshot(options.directory, asked.snapshot);
    const dimensions = asked.dimensions ?? (await scope.inject(Dataset).info());
    return await scope.inject(Algorithm).policy({ dimensions, engine: scope.inject(Engine), tensors: kept.tensors });
  } finally {
    await run.close();
  }
}

const noSnapshot = (directory: string, name: string) =>
  new FileError(`the run has no "${name}" snapshot`, {
    where: directory,
    remedy:
      `check the path; "last" is there once training has ended (lowerbound train --resume ${directory}), "best" where ` +
      "`evaluation.every` asked for evaluations during it",
  });

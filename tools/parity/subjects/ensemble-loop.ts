import type { Engine } from "@lowerbound/core";
import { fitEnsemble, standardiseTable } from "@lowerbound/dynamics-ensemble";
import { checkAll, type Fixture, type FixtureCheck, memoryRun } from "@lowerbound/testing";
import { integers } from "./compute.js";
import { checkState, goldenTable } from "./ensemble-dynamics.js";
import { ensembleParameters, ensembleSetup } from "./ensemble-layout.js";

/**
 * A whole fit with the golden rows of every epoch.
 *
 * Public code leaves the log-variance bounds at their last values where ours keeps each member's with its weights: the
 * final tensors are compared with the best layers and the last bounds.
 */
export async function loopSubject(fixture: Fixture, engine: Engine): Promise<readonly FixtureCheck[]> {
  const { dimensions, options } = ensembleSetup(fixture);
  const { table, scaler, trainIndex } = goldenTable(fixture);
  standardiseTable(table, scaler);
  const epochs = fixture.tensor("in.epoch_idx");
  const size = options.members * trainIndex.length;
  const { best, last, elites, history } = await fitEnsemble({
    engine,
    run: memoryRun(),
    dimensions,
    options,
    table,
    trainRows: trainIndex.length,
    holdoutRows: integers(fixture, "in.holdout_idx"),
    epochRows: (epoch) =>
      Int32Array.from(epochs.data.subarray(epoch * size, (epoch + 1) * size), (k) => trainIndex[k]!),
    initial: () => ensembleParameters(fixture, "params."),
  });
  const saved = history.improved.flatMap((members) =>
    Array.from({ length: options.members }, (_, member) => (members.includes(member) ? 1 : 0)),
  );
  const final = { ...best, maxLogVar: last.maxLogVar!, minLogVar: last.minLogVar! };
  return [
    ...checkAll(fixture, {
      "out.epochs": [history.trainLosses.length],
      "out.train_losses": history.trainLosses,
      "out.holdout_losses": history.holdoutErrors.flat().map((error) => error ?? Number.NaN),
      "out.saved": saved,
      "out.elites": elites,
    }),
    ...checkState(fixture, "final.", new Map(Object.entries(final))),
  ];
}

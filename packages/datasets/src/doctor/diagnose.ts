import type { Dataset } from "@lowerbound/core";
import { type Convention, conventions, selectRows } from "../conventions.js";
import { referenceOf } from "../reference-scores.js";
import { summariseReturns } from "../returns.js";
import { type RowSource, type Steps, using } from "../rows.js";
import { rowsOf } from "../rows-of-dataset.js";
import { findings } from "./findings.js";
import type { ConventionReport, DatasetReport, EndsReport } from "./report.js";
import { scanValues } from "./scan-values.js";

/**
 * Examine a dataset: lengths, values, ends of episodes, succession of rows, and what each loader would make of it.
 *
 * Bad values are reported, not thrown; a file that cannot be read at all still throws. The file is read in pieces.
 * @throws FileError, DataError
 */
export const diagnose = (dataset: Dataset): Promise<DatasetReport> => using(rowsOf(dataset), examine);

async function examine(source: RowSource): Promise<DatasetReport> {
  const steps = await source.steps();
  const facts = {
    path: source.path,
    layout: source.layout,
    environmentId: source.environmentId,
    observation: source.observation,
    action: source.action,
    steps: source.rows,
    episodes: steps.episodeStarts.length - 1,
    lengths: summariseLengths(steps),
    returns: summariseReturns(steps),
    reference: referenceOf(source),
    ends: { ...countEnds(steps), cutsUnknown: source.cutsUnknown ?? false },
    unread: source.unread ?? [],
    ...(await scanValues(source, steps)),
    conventions: conventions.map((convention) => wouldGive(convention, steps, source.hasNextObservations)),
  };
  return { ...facts, findings: findings(facts) };
}

function summariseLengths({ episodeStarts }: Steps): DatasetReport["lengths"] {
  const lengths = Array.from(episodeStarts.subarray(1), (end, i) => end - episodeStarts[i]!).sort((a, b) => a - b);
  return { min: lengths[0] ?? 0, median: lengths[lengths.length >> 1] ?? 0, max: lengths.at(-1) ?? 0 };
}

function countEnds({ terminations, timeouts, episodeStarts }: Steps): Omit<EndsReport, "cutsUnknown"> {
  const last = terminations.length - 1;
  const ends = Array.from(episodeStarts.subarray(1), (start) => start - 1);
  const unmarked = ends.filter((row) => terminations[row] === 0 && timeouts[row] === 0);
  return {
    terminals: count(terminations),
    timeouts: count(timeouts),
    both: terminations.reduce((sum, flag, row) => sum + flag * timeouts[row]!, 0),
    unmarked: unmarked.filter((row) => row !== last).length,
    cutByEnd: unmarked.includes(last),
  };
}

const count = (flags: Uint8Array): number => flags.reduce((sum, flag) => sum + flag, 0);

function wouldGive(convention: Convention, steps: Steps, stored: boolean): ConventionReport {
  if (!stored && (convention === "with-next" || convention === "with-next-keep-ends")) {
    const unusable = "it needs stored next observations";
    return { convention, unusable, transitions: 0, terminals: 0, dropped: steps.rewards.length, crossing: 0 };
  }
  const { rows, terminations, next, ownNext } = selectRows(convention, steps, stored);
  const ends = new Set(Array.from(steps.episodeStarts.subarray(1), (start) => start - 1));
  const crosses = (row: number, slot: number) => next === "following" && ownNext[slot] === 0 && ends.has(row);
  return {
    convention,
    transitions: rows.length,
    terminals: count(terminations),
    dropped: steps.rewards.length - rows.length,
    crossing: rows.reduce((sum, row, slot) => sum + (crosses(row, slot) ? 1 : 0), 0),
  };
}

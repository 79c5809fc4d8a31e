import type { RowPiece, RowSource, Steps } from "../rows.js";
import { collapseScan } from "./collapse.js";
import type { ColumnReport, OutsideReport, SuccessionReport } from "./report.js";

interface ColumnScan {
  readonly key: string;
  readonly min: number[];
  readonly max: number[];
  nonFinite: number;
  firstNonFiniteRow: number | undefined;
}

export interface ValueScan {
  readonly columns: readonly ColumnReport[];
  readonly actionsOutside: OutsideReport;
  readonly succession: SuccessionReport;
}

/** One pass over all values, in pieces; nothing is refused. */
export async function scanValues(source: RowSource, steps: Steps): Promise<ValueScan> {
  const { keys, observation, action, hasNextObservations } = source;
  const observations = newScan(keys.observations, observation);
  const actions = newScan(keys.actions, action);
  const rewards = newScan(keys.rewards, 1);
  const next = newScan(keys.nextObservations, observation);
  const outside: Counter = { count: 0, firstRow: undefined };
  const succession = successionScan(source, steps);
  const collapse = collapseScan(observation);
  for await (const piece of source.pieces()) {
    scanColumn(observations, piece.observations, observation, piece.start);
    scanColumn(actions, piece.actions, action, piece.start);
    scanColumn(rewards, piece.rewards, 1, piece.start);
    if (piece.nextObservations !== undefined) scanColumn(next, piece.nextObservations, observation, piece.start);
    scanBounds(outside, piece, action, boundsOrUnit(source));
    succession.take(piece);
    collapse.take(piece);
  }
  const others = [actions, rewards, ...(hasNextObservations ? [next] : [])].map((each) => finishColumn(each, []));
  const columns = [finishColumn(observations, collapse.entries()), ...others];
  const actionsOutside = { ...outside, unbounded: source.actionBounds.length === 0 };
  return { columns, actionsOutside, succession: succession.report() };
}

interface Counter {
  count: number;
  firstRow: number | undefined;
}

const newScan = (key: string, width: number): ColumnScan => ({
  key,
  min: Array.from({ length: width }, () => Infinity),
  max: Array.from({ length: width }, () => -Infinity),
  nonFinite: 0,
  firstNonFiniteRow: undefined,
});

function scanColumn(scan: ColumnScan, values: Float32Array | Float64Array, width: number, start: number): void {
  for (let i = 0; i < values.length; i++) {
    const value = values[i]!;
    const entry = i % width;
    if (!Number.isFinite(Math.fround(value))) {
      scan.nonFinite += 1;
      scan.firstNonFiniteRow ??= start + Math.floor(i / width);
    } else {
      if (value < scan.min[entry]!) scan.min[entry] = value;
      if (value > scan.max[entry]!) scan.max[entry] = value;
    }
  }
}

const finishColumn = (
  { key, min, max, nonFinite, firstNonFiniteRow }: ColumnScan,
  collapsed: readonly number[],
): ColumnReport => ({
  key,
  min,
  max,
  nonFinite,
  firstNonFiniteRow,
  constant: min.flatMap((least, entry) => (least === max[entry] && !collapsed.includes(entry) ? [entry] : [])),
  collapsed,
});

const UNIT = { low: -1, high: 1 };
const boundsOrUnit = ({ actionBounds, action }: RowSource) =>
  actionBounds.length > 0 ? actionBounds : Array.from({ length: action }, () => UNIT);

function scanBounds(
  outside: Counter,
  { actions, start }: RowPiece,
  width: number,
  bounds: readonly { readonly low: number; readonly high: number }[],
): void {
  for (let i = 0; i < actions.length; i++) {
    const { low, high } = bounds[i % width]!;
    const value = actions[i]!;
    if (value >= low - 1e-6 && value <= high + 1e-6) continue;
    if (Number.isNaN(value)) continue;
    outside.count += 1;
    outside.firstRow ??= start + Math.floor(i / width);
  }
}

function successionScan({ observation: width, hasNextObservations }: RowSource, { episodeStarts, rewards }: Steps) {
  const begins = new Uint8Array(rewards.length);
  for (const start of episodeStarts) begins[start] = 1;
  const broken: Counter = { count: 0, firstRow: undefined };
  const repeated: Counter = { count: 0, firstRow: undefined };
  let lastObservation: Float32Array | undefined;
  let lastNext: Float32Array | undefined;
  const take = ({ start, count, observations, nextObservations }: RowPiece) => {
    for (let i = 0; i < count; i++) {
      const row = start + i;
      const current = observations.subarray(i * width, (i + 1) * width);
      if (begins[row] === 0) {
        if (lastNext !== undefined && !equal(lastNext, current)) tally(broken, row - 1);
        if (lastObservation !== undefined && equal(lastObservation, current)) tally(repeated, row);
      }
      lastObservation = current;
      lastNext = nextObservations?.subarray(i * width, (i + 1) * width);
    }
  };
  const report = (): SuccessionReport => ({
    nextObservationsStored: hasNextObservations,
    broken: broken.count,
    firstBrokenRow: broken.firstRow,
    repeated: repeated.count,
    firstRepeatedRow: repeated.firstRow,
  });
  return { take, report };
}

function tally(counter: Counter, row: number): void {
  counter.count += 1;
  counter.firstRow ??= row;
}

function equal(a: Float32Array, b: Float32Array): boolean {
  for (let i = 0; i < a.length; i++) if (!Object.is(a[i], b[i]) && a[i] !== b[i]) return false;
  return true;
}

import { checkAll, type Fixture, type FixtureCheck } from "@lowerbound/testing";
import {
  type ColumnRange,
  centresOf,
  decode,
  encode,
  expectation,
  fillWindow,
  fitDiscretiser,
  joinedRows,
  type Path,
  pathOf,
  type TokenPath,
  windowBatch,
  windowsOf,
} from "@lowerbound/trajectory-transformer";
import { z } from "zod";

const binsSchema = z.looseObject({
  bins: z.int(),
  columns: z.int(),
  strategy: z.enum(["uniform", "quantile"]).optional(),
});

/** Bins of both public projects; only the second one's lets values just below an edge into the upper bin. */
export async function discretiserSubject(fixture: Fixture): Promise<readonly FixtureCheck[]> {
  const { bins, columns, strategy } = binsSchema.parse(fixture.hyperparameters);
  const data = fixture.tensor("in.data").data;
  const second = fixture.name.startsWith("bins");
  const ours = !second ? "quantile" : strategy === "quantile" ? "percentile" : "uniform";
  const fitted = fitDiscretiser(data, columns, { bins, strategy: ours });
  const discretiser = second ? { ...fitted, slack: { absolute: 1e-8, relative: 1e-5 } } : fitted;
  const query = fixture.tensor("in.query").data;
  const last = { from: columns - 2, count: 2 };
  const expected = expectation(discretiser, fixture.tensor("in.probs").data, second ? bins : bins + 1, last);
  const common = {
    "out.tokens": encode(discretiser, query),
    "out.slice_tokens": encode(discretiser, columnsOf(query, columns, { from: 1, count: 2 }), { from: 1, count: 2 }),
    "out.values": decode(discretiser, fixture.tensor("in.tokens").data),
  };
  if (second) {
    const shape = { "out.edges": fitted.thresholds, "out.centres": centresOf(fitted), "out.expectation": expected };
    return checkAll(fixture, { ...common, ...shape });
  }
  const thresholds = transposed(fitted.thresholds, columns);
  return checkAll(fixture, {
    ...common,
    "out.thresholds": thresholds,
    "out.widths": thresholds.subarray(columns).map((upper, i) => upper - thresholds[i]!),
    "out.expectation_reward": expected.filter((_, i) => i % 2 === 0),
    "out.expectation_value": expected.filter((_, i) => i % 2 === 1),
  });
}

function columnsOf(data: ArrayLike<number>, columns: number, { from, count }: ColumnRange): Float64Array {
  const rows = data.length / columns;
  return Float64Array.from(
    { length: rows * count },
    (_, i) => data[Math.floor(i / count) * columns + from + (i % count)]!,
  );
}

function transposed(data: ArrayLike<number>, rows: number): Float64Array {
  const columns = data.length / rows;
  return Float64Array.from({ length: data.length }, (_, i) => data[(i % rows) * columns + Math.floor(i / rows)]!);
}

const windowsSchema = z.looseObject({
  observation_size: z.int(),
  action_size: z.int(),
  max_path_length: z.int(),
  sequence_length: z.int(),
  step: z.int(),
  discount: z.number(),
  termination_penalty: z.number().nullable(),
  bins: z.int(),
});
type WindowParameters = z.output<typeof windowsSchema>;

/** Logged rows to returns-to-go, tokens and windows. */
export async function windowsSubject(fixture: Fixture): Promise<readonly FixtureCheck[]> {
  const parameters = windowsSchema.parse(fixture.hyperparameters);
  const { bins, max_path_length: longest, sequence_length: length } = parameters;
  const paths = loggedPaths(fixture, parameters);
  const width = parameters.observation_size + parameters.action_size + 2;
  const joined = joinedRows(paths);
  const discretiser = fitDiscretiser(joined, width, { bins, strategy: "quantile" });
  const tokenPaths = paths.map((path) => ({ ...path, tokens: encode(discretiser, path.rows) }));
  const padded = longest + length - 1;
  const rewards = joined.filter((_, i) => i % width === width - 2);
  return checkAll(fixture, {
    "out.joined": joined,
    "out.rewards": rewards,
    "out.returns_to_go": joined.filter((_, i) => i % width === width - 1),
    "out.path_lengths": paths.map((path) => path.length),
    "out.segments": paths.flatMap(({ rows }) => paddedTo([...rows], padded * width, 0)),
    "out.ended": paths.flatMap((path) => paddedTo(new Array(path.length).fill(0), padded, 1)),
    "out.thresholds": transposed(discretiser.thresholds, width),
    ...windowsOfPaths(tokenPaths, parameters, width),
  });
}

const paddedTo = (values: readonly number[], length: number, filler: number): readonly number[] => [
  ...values,
  ...new Array(length - values.length).fill(filler),
];

/** Episodes of all rows but the last one, as the public loader cuts them. */
function loggedPaths(fixture: Fixture, parameters: WindowParameters): readonly Path[] {
  const { observation_size: observation, action_size: action, discount, termination_penalty } = parameters;
  const data = (name: string) => fixture.tensor(name).data;
  const [terminal, timeout] = [data("in.terminal"), data("in.timeout")];
  const rows = terminal.length - 1;
  const paths: Path[] = [];
  let first = 0;
  for (let row = 0; row < rows; row++) {
    const terminated = terminal[row] === 1;
    if (!terminated && timeout[row] !== 1 && row !== rows - 1) continue;
    const steps = {
      observation,
      action,
      length: row + 1 - first,
      observations: data("in.obs").slice(first * observation, (row + 1) * observation),
      actions: data("in.act").slice(first * action, (row + 1) * action),
      rewards: data("in.rew").slice(first, row + 1),
      terminated,
    };
    paths.push(pathOf(steps, { discount, terminationPenalty: termination_penalty ?? undefined }));
    first = row + 1;
  }
  return paths;
}

function windowsOfPaths(paths: readonly TokenPath[], parameters: WindowParameters, width: number) {
  const { bins, max_path_length, sequence_length, step } = parameters;
  const { count, starts } = windowsOf(paths.map(({ length }) => length));
  const transitions = Math.ceil(sequence_length / step);
  const options = { transitions, step, width, terminationToken: bins, padding: max_path_length };
  const into = windowBatch(count, options);
  for (let row = 0; row < count; row++) {
    fillWindow(paths[starts[2 * row]!]!, starts[2 * row + 1]!, options, { into, row });
  }
  const windows = Array.from({ length: count }, (_, row) => {
    const [path, first] = [starts[2 * row]!, starts[2 * row + 1]!];
    return [path, first, first + sequence_length];
  });
  return {
    "out.windows": windows.flat(),
    "out.tokens": into.tokens,
    "out.targets": into.targets,
    "out.mask": into.mask,
  };
}

const returnsSchema = z.looseObject({ discount: z.number(), length: z.int() });

/** Return-to-go of one episode. */
export async function returnsSubject(fixture: Fixture): Promise<readonly FixtureCheck[]> {
  const { discount, length } = returnsSchema.parse(fixture.hyperparameters);
  const [states, actions, rewards] = ["in.states", "in.actions", "in.rewards"].map((name) => fixture.tensor(name));
  const { rows } = pathOf(
    {
      length,
      observation: states!.shape[1]!,
      action: actions!.shape[1]!,
      observations: states!.data,
      actions: actions!.data,
      rewards: rewards!.data,
      terminated: false,
    },
    { discount },
  );
  return checkAll(fixture, { "out.joined": rows });
}

import type { DatasetReport, Finding } from "./report.js";

type Facts = Omit<DatasetReport, "findings">;

const say = (severity: Finding["severity"], holds: boolean, text: string): Finding[] =>
  holds ? [{ severity, text }] : [];

/** What a user should know, worst first. */
export function findings(facts: Facts): Finding[] {
  const all = [...aboutValues(facts), ...aboutSuccession(facts), ...aboutEnds(facts), ...aboutScores(facts)];
  const order = { error: 0, warning: 1, note: 2 };
  return all.sort((a, b) => order[a.severity] - order[b.severity]);
}

function aboutValues({ columns, actionsOutside }: Facts): Finding[] {
  return [
    ...columns.flatMap(({ key, nonFinite, firstNonFiniteRow }) =>
      say(
        "error",
        nonFinite > 0,
        `${key}: ${nonFinite} values are NaN or infinite in single precision, the first in row ${firstNonFiniteRow}`,
      ),
    ),
    ...say(
      "error",
      actionsOutside.count > 0,
      `${actionsOutside.count} action entries are outside their bounds, the first in row ${actionsOutside.firstRow}`,
    ),
    ...columns.flatMap(({ key, collapsed }) =>
      say(
        "warning",
        collapsed.length > 0,
        `${key}: entry ${collapsed.join(", ")} changes by less than single precision holds: subtract an offset`,
      ),
    ),
    ...columns.flatMap(({ key, constant }) =>
      say("warning", constant.length > 0, `${key}: entry ${constant.join(", ")} never changes`),
    ),
  ];
}

function aboutSuccession({ succession }: Facts): Finding[] {
  const { nextObservationsStored, broken, firstBrokenRow, repeated, firstRepeatedRow } = succession;
  return [
    ...say(
      "warning",
      broken > 0,
      `${broken} next observations are not the following row's observation (first in row ${firstBrokenRow}): rows were ` +
        "dropped or shuffled inside episodes",
    ),
    ...say(
      "warning",
      repeated > 0,
      `${repeated} observations repeat the one before (first in row ${firstRepeatedRow})`,
    ),
    ...say(
      "note",
      !nextObservationsStored,
      "next observations are not stored: the last step of a timed-out episode is lost, and terminals keep their own observation",
    ),
  ];
}

function aboutEnds({ ends, unread, episodes, conventions }: Facts): Finding[] {
  const d4rl = conventions.find(({ convention }) => convention === "d4rl");
  const { terminals, timeouts, both, unmarked, cutByEnd } = ends;
  return [
    ...say(
      "warning",
      both > 0,
      `${both} rows are terminal and timed out: loaders that drop time-outs lose these terminals`,
    ),
    ...say(
      "warning",
      unread.length > 0,
      `nothing reads the columns ${unread.join(", ")}: if they say where episodes end, name them as termination, ` +
        "truncation or episode",
    ),
    ...say("warning", unmarked > 0, `${unmarked} episodes end without a flag: they count as timed out`),
    ...say(
      "warning",
      terminals === 0 && timeouts === 0 && episodes === 1,
      "no row is terminal or timed out: the whole file is one episode; are the flags missing?",
    ),
    ...say("note", cutByEnd, "the end of the file cuts the last episode: it counts as timed out"),
    ...say("note", terminals === 0 && timeouts > 0, "no row is terminal: every episode ran into its time limit"),
    ...say(
      "note",
      (d4rl?.crossing ?? 0) > 0,
      `under D4RL's own convention ${d4rl?.crossing} next observations belong to another episode`,
    ),
  ];
}

const aboutScores = ({ reference, environmentId }: Facts): Finding[] =>
  say(
    "note",
    reference === undefined,
    `there are no reference returns for ${environmentId ?? "this dataset"}: no normalised score can be given`,
  );

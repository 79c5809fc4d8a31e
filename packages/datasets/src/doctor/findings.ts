import { counted } from "@lowerbound/core";
import { remedies } from "../check-rows.js";
import type { DatasetReport, Finding } from "./report.js";

type Facts = Omit<DatasetReport, "findings">;

const say = (severity: Finding["severity"], holds: boolean, text: string, remedy?: string): Finding[] =>
  holds ? [{ severity, text, ...(remedy === undefined ? {} : { remedy }) }] : [];

/** What a user should know, worst first. */
export function findings(facts: Facts): Finding[] {
  const abouts = [aboutValues, aboutActions, aboutSuccession, aboutEnds, aboutEpisodes, aboutScores];
  const all = abouts.flatMap((about) => about(facts));
  const order = { error: 0, warning: 1, note: 2 };
  return all.sort((a, b) => order[a.severity] - order[b.severity]);
}

function aboutValues({ columns }: Facts): Finding[] {
  return [
    ...columns.flatMap(({ key, nonFinite, firstNonFiniteRow }) =>
      say(
        "error",
        nonFinite > 0,
        `${key}: NaN or infinite in single precision: ${counted(nonFinite, "value")}, the first in row ${firstNonFiniteRow}`,
        remedies.notFinite,
      ),
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

function aboutActions({ actionsOutside: { count, firstRow, unbounded } }: Facts): Finding[] {
  const entries = `${counted(count, "action entry", "action entries")}, the first in row ${firstRow}`;
  return [
    ...say("error", count > 0 && !unbounded, `outside the bounds of actions: ${entries}`, remedies.outside),
    ...say("warning", count > 0 && unbounded, `outside [-1, 1], and no bounds are known: ${entries}`),
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

const SAY_THE_LIMIT = "say the limit, if there was one: --dataset.timeLimit 1000";

function aboutEnds({ ends, unread, episodes, conventions }: Facts): Finding[] {
  const d4rl = conventions.find(({ convention }) => convention === "d4rl");
  const { terminals, timeouts, both, unmarked, cutByEnd, cutsUnknown } = ends;
  return [
    ...say(
      "warning",
      cutsUnknown && terminals > 0,
      "the file has no timeouts: an episode that a time limit cut is taken for one with the next, and without stored next " +
        "observations its last step leads to the next one's start",
      SAY_THE_LIMIT,
    ),
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
    ...say("warning", unmarked > 0, `no flag at the end of ${counted(unmarked, "episode")}: taken for timed out`),
    ...say(
      "warning",
      terminals === 0 && timeouts === 0 && episodes === 1,
      "no row is terminal or timed out: the whole file is one episode; are the flags missing?",
      cutsUnknown ? SAY_THE_LIMIT : undefined,
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

const aboutEpisodes = ({ episodes }: Facts): Finding[] =>
  say(
    "warning",
    episodes < 2,
    `there ${episodes === 1 ? "is one episode" : "are no episodes"}: none can be held out, and there are no intervals over ` +
      "episodes and no certificates of what is learnt",
    "log more; if there are more, mark their ends, or name the log's column that tells them apart: --dataset.episode COLUMN",
  );

const aboutScores = ({ reference, environmentId }: Facts): Finding[] =>
  say(
    "note",
    reference === undefined,
    `there are no reference returns for ${environmentId ?? "this dataset"}: no normalised score can be given`,
  );

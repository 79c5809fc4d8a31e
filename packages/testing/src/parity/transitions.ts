import { type Convention, inMemoryDataset, type LoggedRows, selectRows, toTransitions } from "@lowerbound/datasets";
import { z } from "zod";
import { checkAll, type Fixture, type FixtureCheck } from "./fixture.js";

const hyperparameters = z.looseObject({
  observation_size: z.number().int().positive(),
  action_size: z.number().int().positive(),
});

const variants: Readonly<Record<string, Convention>> = {
  with_next: "with-next",
  without_next: "without-next",
  with_next_keep_ends: "with-next-keep-ends",
  d4rl: "d4rl",
};

/** Which logged rows become transitions, under each public loader's convention that the file has results of. */
export async function transitionsSubject(fixture: Fixture): Promise<readonly FixtureCheck[]> {
  const rows = rowsOf(fixture);
  const checks: FixtureCheck[] = [];
  for (const [name, convention] of Object.entries(variants)) {
    if (fixture.names(`out.${name}.`).length === 0) continue;
    const stored = convention === "without-next" ? withoutNext(rows) : rows;
    const transitions = await toTransitions(inMemoryDataset(stored), convention);
    const steps = await flagsOf(stored);
    checks.push(
      ...checkAll(fixture, {
        [`out.${name}.row`]: selectRows(convention, steps, stored.nextObservations !== undefined).rows,
        [`out.${name}.next_obs`]: transitions.nextObservations,
        [`out.${name}.rew`]: transitions.rewards,
        [`out.${name}.term`]: transitions.terminations,
      }),
    );
  }
  return checks;
}

function rowsOf(fixture: Fixture): LoggedRows {
  const { observation_size, action_size } = hyperparameters.parse(fixture.hyperparameters);
  const floats = (name: string) => Float32Array.from(fixture.tensor(name).data);
  const flags = (name: string) => Uint8Array.from(fixture.tensor(name).data);
  return {
    name: fixture.path,
    observation: observation_size,
    action: action_size,
    observations: floats("in.obs"),
    actions: floats("in.act"),
    rewards: floats("in.rew"),
    terminations: flags("in.terminal"),
    timeouts: flags("in.timeout"),
    nextObservations: floats("in.next_obs"),
  };
}

function withoutNext({ nextObservations: _, ...rows }: LoggedRows): LoggedRows {
  return rows;
}

async function flagsOf({ terminations, timeouts }: LoggedRows) {
  const ends = Array.from(terminations, (flag, row) => (flag + timeouts[row]! > 0 ? row + 1 : -1)).filter(
    (row) => row > 0,
  );
  const starts = [0, ...ends.filter((row) => row < terminations.length), terminations.length];
  return { terminations, timeouts, episodeStarts: Int32Array.from(starts) };
}

import type { Environment, Policy } from "@lowerbound/core";
import { DataError, Random } from "@lowerbound/core";
import { episodeSeeds, isSimulated } from "@lowerbound/environments";
import { type Decision, expectedRewards, plannerPolicy } from "@lowerbound/planners";
import type { Planning } from "./open-planning.js";
import { type KeptPlan, type PlannedEpisode, traceSchema } from "./plan-file.js";

export interface PlayOptions {
  readonly episodes: number;
  /** At most, in an episode. */
  readonly steps: number;
  readonly seed: number;
  /** Plans of every so many steps are kept whole. */
  readonly every: number;
  readonly signal: AbortSignal;
  readonly onStep: (episode: number, step: number, realised: number) => void;
}

/** An episode, and the positions of the body before each step where the environment tells. */
export interface Played {
  readonly episode: PlannedEpisode;
  readonly positions: readonly Float64Array[];
}

/** Act in an environment by a planner, and keep what it expected beside what came. */
export async function play(planning: Planning, environment: Environment, options: PlayOptions): Promise<Played[]> {
  let made: Decision | undefined;
  const policy: Policy = plannerPolicy({
    ...planning,
    onPlan: (decision) => {
      made = decision;
    },
  }) as Policy;
  const take = (): Decision | undefined => {
    const taken = made;
    made = undefined;
    return taken;
  };
  const played: Played[] = [];
  for (let episode = 0; episode < options.episodes; episode++) {
    played.push(await playEpisode({ planning, environment, policy, take, options }, episode));
  }
  return played;
}

interface Stage {
  readonly planning: Planning;
  readonly environment: Environment;
  readonly policy: Policy;
  /** The plan that the last step made, if it made one. */
  readonly take: () => Decision | undefined;
  readonly options: PlayOptions;
}

type Plan = Omit<KeptPlan, "realised">;

async function playEpisode(stage: Stage, episode: number): Promise<Played> {
  const { environment, policy, options } = stage;
  const seeds = episodeSeeds(options.seed, episode);
  let observation = environment.reset(seeds.environment);
  let state = await policy.init(1, seeds.policy);
  const journal = openJournal(stage, Random.fromSeed(seeds.policy).stream("expected"));
  const positions: Float64Array[] = [];
  let ended = { terminated: false, truncated: false };
  for (let step = 0; step < options.steps && !ended.terminated && !ended.truncated; step++) {
    options.signal.throwIfAborted();
    positions.push(positionsOf(environment));
    const data = Float32Array.from(observation);
    const acted = await policy.act({ rows: 1, columns: data.length, data }, state, { deterministic: true });
    state = acted.state;
    await journal.decided(step, stage.take());
    const result = environment.step(checkedAction(acted.actions.data, environment));
    journal.rewarded(result.reward);
    ({ observation } = result);
    ended = result;
    options.onStep(episode, step + 1, result.reward);
  }
  const { terminated, truncated } = ended;
  return { episode: { episode, ...journal.written(), terminated, truncated }, positions };
}

/** Keeps what was expected of each step beside what came. */
function openJournal({ planning, options }: Stage, random: Random) {
  const [steps, plans]: [PlannedEpisode["steps"], Plan[]] = [[], []];
  let expected: readonly number[] = [];
  let timed: { readonly milliseconds?: number } = {};
  return {
    decided: async (step: number, decision: Decision | undefined): Promise<void> => {
      timed = decision === undefined ? {} : { milliseconds: decision.milliseconds };
      if (decision === undefined) return;
      const whole = step % options.every === 0;
      expected = await expectedOf(decision, planning, whole, random.stream(`step ${step}`));
      if (whole) plans.push(keptPlan(decision, step, expected));
    },
    rewarded: (realised: number): void => {
      const [predicted = null, ...rest] = expected;
      expected = rest;
      steps.push({ predicted: finite(predicted), realised, ...timed });
    },
    written: (): Pick<PlannedEpisode, "steps" | "plans"> => {
      const rewards = steps.map(({ realised }) => realised);
      const cameOf = ({ step, predicted }: Plan) => rewards.slice(step, step + predicted.length);
      return { steps, plans: plans.map((plan) => ({ ...plan, realised: cameOf(plan) })) };
    },
  };
}

/** Expected rewards of the actions that will be carried out, or of the whole plan. */
function expectedOf(
  { plan, state }: Decision,
  { model, replanEvery }: Planning,
  whole: boolean,
  random: Random,
): Promise<readonly number[]> {
  const { rows, columns, data } = plan.actions;
  const count = whole ? rows : Math.min(rows, replanEvery);
  return expectedRewards(model, state, { rows: count, columns, data: data.subarray(0, count * columns) }, random);
}

function keptPlan({ plan, milliseconds }: Decision, step: number, predicted: readonly number[]): Plan {
  const { rows, columns, data } = plan.actions;
  const actions = Array.from({ length: rows }, (_, t) => [...data.subarray(t * columns, (t + 1) * columns)]);
  const trace = traceSchema.safeParse(plan.trace).data;
  return {
    step,
    score: plan.score,
    actions,
    predicted: [...predicted],
    milliseconds,
    ...plan.effort,
    ...(trace === undefined ? {} : { trace }),
  };
}

const finite = (value: number | null): number | null => (value !== null && Number.isFinite(value) ? value : null);

function positionsOf(environment: Environment): Float64Array {
  return (isSimulated(environment) ? environment.snapshot().state.qpos : undefined) ?? new Float64Array(0);
}

function checkedAction(data: Float32Array, { id, actionSpace }: Environment): Float32Array {
  if (data.length === actionSpace.shape[0]) return data.slice();
  throw new DataError(`the planner gives ${data.length} action entries`, {
    where: id,
    expected: `${actionSpace.shape[0]} entries`,
    remedy: "plan in the environment that the data come from",
  });
}

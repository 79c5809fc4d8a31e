import type { Engine } from "@lowerbound/core";
import { evaluateTabular, type TabularMdp } from "@lowerbound/environments";
import {
  discountedReturn,
  doublyRobustOf,
  effectiveSampleSize,
  evaluateWithin,
  ratioEstimators,
  tabularEpisode,
  type WeightedEpisode,
  weighEpisode,
} from "@lowerbound/evaluation";
import { checkAll, type Fixture, type FixtureCheck } from "@lowerbound/testing";
import { z } from "zod";
import { fqeSubject } from "./fqe.js";

const hyperparameters = z.looseObject({
  states: z.int(),
  actions: z.int(),
  horizon: z.int(),
  episodes: z.int(),
  gamma: z.number(),
});

/** Off-policy evaluation: fitted Q evaluation, or estimates from tabular episodes. */
export function opeSubject(fixture: Fixture, engine: Engine): Promise<readonly FixtureCheck[]> {
  return fixture.name.startsWith("fqe") ? fqeSubject(fixture, engine) : tabularSubject(fixture);
}

async function tabularSubject(fixture: Fixture): Promise<readonly FixtureCheck[]> {
  const { gamma } = hyperparameters.parse(fixture.hyperparameters);
  const episodes = episodesOf(fixture);
  const estimates = Object.entries(NAMES).map(
    ([name, estimator]) => [`out.${name}`, [ratioEstimators[estimator](episodes, gamma)]] as const,
  );
  const each = episodes.map((episode) => doublyRobustOf(episode, gamma));
  return checkAll(fixture, {
    ...Object.fromEntries(estimates),
    ...exactOf(fixture),
    ...weightsOf(fixture, episodes),
    "out.returns": episodes.map(({ rewards }) => discountedReturn(rewards, gamma)),
    "out.effective_sample_size": [effectiveSampleSize(episodes)],
    "out.doubly_robust_each": each,
    "out.doubly_robust_standard_error": [standardError(each)],
  });
}

const NAMES = {
  is: "is",
  wis: "wis",
  per_decision_is: "per-decision-is",
  per_decision_wis: "per-decision-wis",
  direct: "direct",
  doubly_robust: "doubly-robust",
  weighted_doubly_robust: "weighted-doubly-robust",
} as const;

const doubles = (fixture: Fixture, name: string): Float64Array => Float64Array.from(fixture.tensor(name).data);

function episodesOf(fixture: Fixture): readonly WeightedEpisode[] {
  const { actions, horizon, episodes } = hyperparameters.parse(fixture.hyperparameters);
  const comparison = {
    actions,
    target: doubles(fixture, "in.target_policy"),
    behaviour: doubles(fixture, "in.behaviour_policy"),
    actionValues: doubles(fixture, "in.q_estimate"),
  };
  return Array.from({ length: episodes }, (_, episode) => {
    const from = episode * horizon;
    const steps = fixture
      .tensor("in.alive")
      .data.subarray(from, from + horizon)
      .indexOf(0);
    const cut = (name: string) => fixture.tensor(name).data.subarray(from, from + (steps < 0 ? horizon : steps));
    const logged = { states: cut("in.states"), actions: cut("in.actions"), rewards: cut("in.rewards") };
    return weighEpisode(tabularEpisode(logged, comparison));
  });
}

/** Exact returns of the process; the last state is terminal. */
function exactOf(fixture: Fixture): Record<string, ArrayLike<number>> {
  const { states, actions, horizon, gamma } = hyperparameters.parse(fixture.hyperparameters);
  const mdp: TabularMdp = {
    states,
    actions,
    transitions: doubles(fixture, "in.transition"),
    rewards: doubles(fixture, "in.reward"),
    initial: doubles(fixture, "in.start"),
    terminal: Uint8Array.from({ length: states }, (_, s) => (s === states - 1 ? 1 : 0)),
    discount: gamma,
  };
  const policy = doubles(fixture, "in.target_policy");
  const within = evaluateWithin(mdp, policy, horizon);
  const cut = { "out.true_values": within.values, "out.true_return": [within.expectedReturn] };
  if (gamma >= 1) return cut;
  const endless = evaluateTabular(mdp, policy);
  return { ...cut, "out.true_values_endless": endless.values, "out.true_return_endless": [endless.expectedReturn] };
}

/** Ratios and their running products, 1 and the last one after an episode's end. */
function weightsOf(fixture: Fixture, episodes: readonly WeightedEpisode[]): Record<string, ArrayLike<number>> {
  const { horizon } = hyperparameters.parse(fixture.hyperparameters);
  const table = (at: (episode: WeightedEpisode, t: number) => number) =>
    episodes.flatMap((episode) => Array.from({ length: horizon }, (_, t) => Math.exp(at(episode, t))));
  return {
    "out.ratios": table(({ logRatios }, t) => logRatios[t] ?? 0),
    "out.cumulative_ratios": table(({ cumulative }, t) => cumulative[t] ?? cumulative.at(-1)!),
  };
}

function standardError(values: readonly number[]): number {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const square = values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  return Math.sqrt(square / (values.length - 1) / values.length);
}

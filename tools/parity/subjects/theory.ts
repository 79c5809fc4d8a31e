import { discountedOccupancy, evaluateTabular, policyIteration, type TabularMdp } from "@lowerbound/environments";
import {
  haltSlack,
  penalisedModel,
  pessimisticMdp,
  returnBounds,
  theoremLambda,
  totalVariation,
} from "@lowerbound/evaluation";
import { checkAll, type Fixture, type FixtureCheck } from "@lowerbound/testing";
import { z } from "zod";

const sizes = z.looseObject({ states: z.int(), actions: z.int(), gamma: z.number() });
const range = z.looseObject({ r_min: z.number(), r_max: z.number() });
const halting = z.looseObject({ r_max: z.number(), kappa: z.number() });

/** Bounds on the true return of tabular processes, and MOReL's pessimistic process. */
export async function theorySubject(fixture: Fixture): Promise<readonly FixtureCheck[]> {
  return checkAll(fixture, fixture.name.startsWith("halt") ? haltOf(fixture) : boundsOf(fixture));
}

type Results = Record<string, ArrayLike<number>>;

const doubles = (fixture: Fixture, name: string): Float64Array => Float64Array.from(fixture.tensor(name).data);

function mdpOf(fixture: Fixture, transitions: string, rewards: string): TabularMdp {
  const { states, actions, gamma } = sizes.parse(fixture.hyperparameters);
  return {
    states,
    actions,
    transitions: doubles(fixture, transitions),
    rewards: doubles(fixture, rewards),
    initial: doubles(fixture, "in.start"),
    terminal: new Uint8Array(states),
    discount: gamma,
  };
}

const dot = (a: ArrayLike<number>, b: ArrayLike<number>): number =>
  Array.from(a).reduce((sum, value, i) => sum + value * b[i]!, 0);

/** The setting of a file: both processes, the policy, and how far the model is off at each pair. */
function settingOf(fixture: Fixture) {
  const truth = mdpOf(fixture, "in.transition", "in.reward");
  const model = mdpOf(fixture, "in.model_transition", "in.model_reward");
  const policy = doubles(fixture, "in.policy");
  const tv = totalVariation(model.transitions, truth.transitions, truth.states);
  const rewardError = model.rewards.map((reward, row) => Math.abs(reward - truth.rewards[row]!));
  const errorAt = (lambda: number) => rewardError.map((error, row) => error + lambda * tv[row]!);
  return { truth, model, policy, tv, rewardError, errorAt };
}

type Setting = ReturnType<typeof settingOf>;

function boundsOf(fixture: Fixture): Results {
  const setting = settingOf(fixture);
  const { truth, model, policy, tv, errorAt } = setting;
  const { r_min: minimum, r_max: maximum } = range.parse(fixture.hyperparameters);
  const lambdaOf = (least: number, most: number) =>
    theoremLambda({ minimum: least, maximum: most }, truth.discount, false);
  const span = lambdaOf(minimum, maximum);
  const paper = lambdaOf(0, maximum);
  const l1 = lambdaOf(0, Math.max(Math.abs(minimum), Math.abs(maximum)));
  const values = evaluateTabular(truth, policy);
  const modelValues = evaluateTabular(model, policy);
  const bounds = returnBounds(model, policy, errorAt(span));
  const penalised = penalisedModel(model, errorAt(span));
  return {
    "out.true_values": values.values,
    "out.true_return": [values.expectedReturn],
    "out.model_values": modelValues.values,
    "out.model_return": [bounds.modelReturn],
    "out.model_occupancy": discountedOccupancy(model, policy),
    "out.tv": tv,
    "out.lambda_span": [span],
    "out.lambda_paper": [paper],
    "out.lambda_l1": [l1],
    "out.expected_penalty": [bounds.penalty / span],
    "out.lower_span": [bounds.lower],
    "out.upper_span": [bounds.upper],
    "out.lower_paper": [returnBounds(model, policy, errorAt(paper)).lower],
    // The full L1 distance is twice total variation.
    "out.lower_l1": [returnBounds(model, policy, errorAt(2 * l1)).lower],
    "out.penalised_reward": penalised.rewards,
    "out.penalised_return": [evaluateTabular(penalised, policy).expectedReturn],
    ...telescopeOf(setting, values.values),
    ...optimumOf(fixture, setting, errorAt(span)),
  };
}

/** The telescoping lemma, exact with the true values' gap in place of its bound. */
function telescopeOf({ truth, model, policy, rewardError }: Setting, values: Float64Array): Results {
  const { states, discount } = truth;
  const occupancy = discountedOccupancy(model, policy);
  const gap = truth.rewards.map((_, row) => {
    const [from, to] = [row * states, (row + 1) * states];
    return dot(model.transitions.subarray(from, to), values) - dot(truth.transitions.subarray(from, to), values);
  });
  const signed = gap.map((each, row) => model.rewards[row]! - truth.rewards[row]! + discount * each);
  const error = gap.map((each, row) => rewardError[row]! + discount * Math.abs(each));
  return {
    "out.value_gap": gap,
    "out.telescoped_difference": [dot(occupancy, signed)],
    "out.lower_exact_gap": [returnBounds(model, policy, error).lower],
  };
}

/** The best policy of the penalised model beside others. */
function optimumOf(fixture: Fixture, { truth, model }: Setting, error: Float64Array): Results {
  const best = policyIteration(penalisedModel(model, error));
  const pairs = truth.states * truth.actions;
  const policies = doubles(fixture, "in.other_policies");
  const others = Array.from({ length: policies.length / pairs }, (_, k) =>
    policies.subarray(k * pairs, (k + 1) * pairs),
  );
  const returns = others.map((other) => evaluateTabular(truth, other).expectedReturn);
  const penalties = others.map((other) => returnBounds(model, other, error).penalty);
  return {
    "out.greedy_policy": best.policy,
    "out.greedy_penalised_return": [best.expectedReturn],
    "out.greedy_true_return": [evaluateTabular(truth, best.policy).expectedReturn],
    "out.other_true_returns": returns,
    "out.other_penalties": penalties,
    "out.guarantee": [Math.max(...returns.map((value, k) => value - 2 * penalties[k]!))],
  };
}

function haltOf(fixture: Fixture): Results {
  const { r_max: maximum, kappa } = halting.parse(fixture.hyperparameters);
  const truth = mdpOf(fixture, "in.transition", "in.reward");
  const model = mdpOf(fixture, "in.model_transition", "in.reward");
  const policy = doubles(fixture, "in.policy");
  const known = fixture.tensor("in.known").data;
  const pessimistic = pessimisticMdp(model, { known, kappa });
  // In HALT every action is the same.
  const widened = Float64Array.of(...policy, ...new Float64Array(truth.actions).fill(1 / truth.actions));
  const { values, expectedReturn } = evaluateTabular(pessimistic, widened);
  const tv = totalVariation(model.transitions, truth.transitions, truth.states);
  const alpha = Math.max(0, ...tv.filter((_, row) => known[row] === 1));
  const halt = discountedOccupancy(pessimistic, widened).subarray(truth.states * truth.actions);
  return {
    "out.tv": tv,
    "out.alpha": [alpha],
    "out.pessimistic_transition": pessimistic.transitions,
    "out.pessimistic_values": values,
    "out.pessimistic_return": [expectedReturn],
    "out.halt_occupancy": [halt.reduce((sum, visits) => sum + visits, 0)],
    "out.lower_bound": [expectedReturn - haltSlack(maximum, truth.discount, alpha)],
    "out.stopping_return": [
      evaluateTabular(pessimisticMdp(model, { known, kappa, pays: "once" }), widened).expectedReturn,
    ],
    "out.true_return": [evaluateTabular(truth, policy).expectedReturn],
  };
}

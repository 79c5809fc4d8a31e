import { CapabilityError, type Policy, type Transitions } from "@lowerbound/core";
import { filled, matrixOf } from "./act-all.js";
import { insideBox } from "./inside-box.js";

const ROWS = 1024;

/** A policy's log-density of every logged action. @throws CapabilityError where the policy has none, or not of all */
export async function targetDensities(policy: Policy, transitions: Transitions): Promise<Float64Array> {
  const { capabilities } = policy;
  if (!capabilities.logProbability || policy.logProbability === undefined) {
    throw new CapabilityError("the policy gives no log-probability of actions, which importance sampling weighs by", {
      expected: "a stochastic policy with the capability logProbability, such as SAC's",
      remedy: "evaluate it by fqe or model",
    });
  }
  const observations = matrixOf(transitions.observations, transitions.observation);
  const actions = insideBox(matrixOf(transitions.actions, transitions.action), policy.maximumAction ?? 1);
  const out = new Float64Array(transitions.count);
  for (let from = 0; from < transitions.count; from += ROWS) {
    const logs = await policy.logProbability(filled(observations, from, ROWS), filled(actions, from, ROWS));
    out.set(logs.subarray(0, Math.min(ROWS, transitions.count - from)), from);
  }
  return out;
}

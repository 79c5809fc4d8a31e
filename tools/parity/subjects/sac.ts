import {
  type SacDetails,
  sacLayouts,
  sacPolicy,
  sacProgram,
  sacState,
  sacUpdate,
  samplePolicy,
  updateInputs,
} from "@lowerbound/actor-critic";
import {
  type Engine,
  float32,
  type HostTensors,
  hostFloat32,
  type Params,
  type TensorState,
  zerosOf,
} from "@lowerbound/core";
import { unflatten } from "@lowerbound/nn";
import { checkAll, type Fixture, type FixtureCheck } from "@lowerbound/testing";
import type { Tensor } from "@tensorflow/tfjs";
import * as tf from "@tensorflow/tfjs";
import { compute, floats, slice0 } from "./compute.js";
import { flatActor, flatCritics, publicActor, publicCritics, sacSetup } from "./sac-layout.js";

/** SAC: what the first update meets, then all updates. */
export async function sacSubject(fixture: Fixture, engine: Engine): Promise<readonly FixtureCheck[]> {
  return [...(await firstUpdate(fixture, engine)), ...(await allUpdates(fixture, engine))];
}

/** The golden parameters as our state. */
export function initialState(fixture: Fixture): HostTensors {
  const { dimensions, options } = sacSetup(fixture);
  const critic = flatCritics(fixture, ["params.critic1.", "params.critic2."]);
  const logAlpha = options.temperature === "auto" ? floats(fixture, "params.log_alpha") : new Float32Array(1);
  const alpha = options.temperature === "auto" ? Math.exp(logAlpha[0]!) : options.temperature;
  return {
    ...zerosOf(sacState(dimensions, options.hiddenSizes)),
    actor: flatActor(fixture, "params.actor.", dimensions, options.hiddenSizes),
    critic,
    target: flatCritics(fixture, ["params.critic1_old.", "params.critic2_old."]),
    logAlpha: hostFloat32(logAlpha, 1),
    alpha: hostFloat32(Float32Array.of(alpha), 1),
  };
}

/** Inputs and noise of an update. */
function inputsAt(fixture: Fixture, update: number): Record<string, Float32Array> {
  const at = (name: string) => slice0(fixture, name, update);
  return {
    observation: at("in.batch.obs"),
    action: at("in.batch.act"),
    reward: at("in.batch.rew"),
    nextObservation: at("in.batch.next_obs"),
    termination: at("in.batch.term"),
    fromData: new Float32Array(sacSetup(fixture).batch).fill(1),
    "noise/action": at("noise.action"),
    "noise/nextAction": at("noise.next_action"),
  };
}

function firstInputs(fixture: Fixture): HostTensors {
  const { dimensions, batch } = sacSetup(fixture);
  const noise = float32(batch, dimensions.action);
  const specs = { ...updateInputs(dimensions, batch), "noise/action": noise, "noise/nextAction": noise };
  const data = inputsAt(fixture, 0);
  return Object.fromEntries(Object.entries(specs).map(([name, spec]) => [name, { ...spec, data: data[name]! }]));
}

async function firstUpdate(fixture: Fixture, engine: Engine): Promise<readonly FixtureCheck[]> {
  const { dimensions, options } = sacSetup(fixture);
  const results = await compute(engine, { ...initialState(fixture), ...firstInputs(fixture) }, (tensors) => {
    const { details } = sacUpdate(tensors, options, { dimensions, hooks: {} });
    return { ...firstOutputs(details), ...deterministic(tensors, fixture), alpha_used: tf.clone(tensors.alpha!) };
  });
  const { flatActor: actor, flatCritic: critic, grad_log_alpha, mode, mode_log_prob, ...first } = results;
  const named = Object.entries(first).map(([name, data]) => [`out.first.${name}`, data] as const);
  const temperature = options.temperature === "auto" ? { "grad.log_alpha": grad_log_alpha! } : {};
  return checkAll(fixture, {
    ...Object.fromEntries(named),
    ...publicActor(fixture, Float32Array.from(actor!), "grad.actor."),
    ...publicCritics(fixture, Float32Array.from(critic!), ["grad.critic1.", "grad.critic2."]),
    ...temperature,
    "out.deterministic_action": mode!,
    "out.deterministic_log_prob": mode_log_prob!,
  });
}

function firstOutputs({ next, target, critic, actor, temperature }: SacDetails): Record<string, Tensor> {
  const [q1, q2] = tf.unstack(critic.extras.q);
  const [q1OfAction, q2OfAction] = tf.unstack(actor.extras.q);
  const flat = (gradients: Params) => tf.concat(Object.values(gradients).map((each) => tf.reshape(each, [-1])));
  return {
    next_action: next.action,
    next_log_prob: next.logProbability,
    target_q: target,
    q1: q1!,
    q2: q2!,
    action: actor.extras.action,
    log_prob: actor.extras.logProbability,
    q1_of_action: q1OfAction!,
    q2_of_action: q2OfAction!,
    flatActor: flat(actor.gradients),
    flatCritic: flat(critic.gradients),
    grad_log_alpha: temperature.gradient,
  };
}

/** The mode, and the log-probability there: a sample whose noise is zero. */
function deterministic(tensors: Params, fixture: Fixture): Record<string, Tensor> {
  const { dimensions, options } = sacSetup(fixture);
  const actor = unflatten(tensors.actor!, sacLayouts(dimensions, options.hiddenSizes).actor);
  const zero = tf.zerosLike(tensors["noise/action"]!);
  return {
    mode: sacPolicy(options).act(tensors.observation!, { actor: tensors.actor! }, undefined),
    mode_log_prob: samplePolicy(tensors.observation!, zero, actor, options).logProbability,
  };
}

async function allUpdates(fixture: Fixture, engine: Engine): Promise<readonly FixtureCheck[]> {
  const { dimensions, options, batch, updates } = sacSetup(fixture);
  const program = await engine.compile(sacProgram(dimensions, options, batch));
  const state: TensorState = new Map(Object.entries(initialState(fixture)));
  const figures = { actor: [] as number[], alpha: [] as number[], critic: [] as number[], temperature: [] as number[] };
  const checks: FixtureCheck[] = [];
  for (let update = 0; update < updates; update++) {
    const outputs = await program.run(state, inputsAt(fixture, update));
    figures.actor.push(outputs.actorLoss!.data[0]!);
    figures.temperature.push(outputs.temperatureLoss!.data[0]!);
    figures.critic.push(...criticLosses(outputs));
    figures.alpha.push(state.get("alpha")!.data[0]!);
    checks.push(...checkAfter(fixture, update + 1, state));
  }
  await program.dispose();
  const auto =
    options.temperature === "auto" ? { "out.loss.alpha": figures.temperature, "out.alpha": figures.alpha } : {};
  return [
    ...checks,
    ...checkAll(fixture, {
      "out.loss.actor": figures.actor,
      "out.loss.critic1": figures.critic.filter((_, i) => i % 2 === 0),
      "out.loss.critic2": figures.critic.filter((_, i) => i % 2 === 1),
      ...present(fixture, auto),
    }),
  ];
}

const criticLosses = (outputs: HostTensors): readonly number[] => [
  outputs.criticLoss1!.data[0]!,
  outputs.criticLoss2!.data[0]!,
];

/** The results that the golden file has. */
export const present = (fixture: Fixture, results: Readonly<Record<string, ArrayLike<number>>>) =>
  Object.fromEntries(Object.entries(results).filter(([name]) => fixture.tensors.has(name)));

/** Parameters after so many updates, where the golden file has them. */
export function checkAfter(fixture: Fixture, updates: number, state: TensorState): readonly FixtureCheck[] {
  const prefix = `after${updates}.`;
  if (fixture.names(prefix).length === 0) return [];
  const data = (name: string): Float32Array => Float32Array.from(state.get(name)!.data);
  const log = fixture.tensors.has(`${prefix}log_alpha`) ? { [`${prefix}log_alpha`]: data("logAlpha") } : {};
  return checkAll(fixture, {
    ...publicActor(fixture, data("actor"), `${prefix}actor.`),
    ...publicCritics(fixture, data("critic"), [`${prefix}critic1.`, `${prefix}critic2.`]),
    ...publicCritics(fixture, data("target"), [`${prefix}critic1_old.`, `${prefix}critic2_old.`]),
    ...log,
    [`${prefix}alpha`]: data("alpha"),
  });
}

import {
  type ConservativeSettings,
  conservativeHooks,
  criticOfActions,
  markedMean,
  multiplierStep,
  type SacDetails,
  sacLayouts,
  sacProgram,
  sacUpdate,
  sampleActions,
  sampledValues,
  samplePolicy,
  softMaximum,
} from "@lowerbound/actor-critic";
import { type Engine, type HostTensors, hostFloat32, type Params, type TensorState, zerosOf } from "@lowerbound/core";
import { unflatten } from "@lowerbound/nn";
import { checkAll, type Fixture, type FixtureCheck } from "@lowerbound/testing";
import type { Tensor } from "@tensorflow/tfjs";
import * as tf from "@tensorflow/tfjs";
import { compute, floats } from "./compute.js";
import { conservativeInputs, conservativeSetup, firstInputs } from "./conservative-layout.js";
import { checkAfter, initialState, present } from "./sac.js";
import { publicActor, publicCritics } from "./sac-layout.js";

/** CQL and COMBO: what the first update meets, then all updates. */
export async function conservativeSubject(fixture: Fixture, engine: Engine): Promise<readonly FixtureCheck[]> {
  return [...(await firstUpdate(fixture, engine)), ...(await allUpdates(fixture, engine))];
}

/** Our state from the golden parameters, a multiplier included where there is one. */
function stateOf(fixture: Fixture): HostTensors {
  const { settings } = conservativeSetup(fixture);
  const { state: multiplier = {} } = conservativeHooks(settings).criticRegulariser;
  const log = fixture.tensors.has("params.cql_log_alpha") && {
    logMultiplier: hostFloat32(floats(fixture, "params.cql_log_alpha"), 1),
  };
  return { ...initialState(fixture), ...zerosOf(multiplier), ...log };
}

function programOf(fixture: Fixture) {
  const { dimensions, options, settings, batch } = conservativeSetup(fixture);
  return sacProgram(dimensions, options, batch, conservativeHooks(settings));
}

async function firstUpdate(fixture: Fixture, engine: Engine): Promise<readonly FixtureCheck[]> {
  const { dimensions, options, settings } = conservativeSetup(fixture);
  const hooks = conservativeHooks(settings);
  const inputs = firstInputs(fixture, programOf(fixture));
  const results = await compute(engine, { ...stateOf(fixture), ...inputs }, (tensors) => {
    const { details, state } = sacUpdate(tensors, options, { dimensions, hooks });
    return { ...firstOutputs(details), ...termOutputs(fixture, tensors, state.actor!) };
  });
  const { flatActor, flatCritic, ...named } = results;
  return checkAll(fixture, {
    ...present(fixture, named),
    ...publicActor(fixture, Float32Array.from(flatActor!), "grad.actor."),
    ...publicCritics(fixture, Float32Array.from(flatCritic!), ["grad.critic1.", "grad.critic2."]),
  });
}

/** A row's samples side by side, as public code has them: [samples, rows, width] -> [rows, samples, width]. */
const rowsFirst = (x: Tensor): Tensor => (x.rank === 3 ? tf.transpose(x, [1, 0, 2]) : x);

function firstOutputs({ next, target, critic, actor, temperature }: SacDetails): Record<string, Tensor> {
  const [q1, q2] = tf.unstack(critic.extras.q);
  const [q1OfAction, q2OfAction] = tf.unstack(actor.extras.q);
  const flat = (gradients: Params) => tf.concat(Object.values(gradients).map((each) => tf.reshape(each, [-1])));
  return {
    "out.first.next_action": rowsFirst(next.action),
    "out.first.next_log_prob": rowsFirst(next.logProbability),
    "out.first.target_q": target,
    "out.first.q1": q1!,
    "out.first.q2": q2!,
    "out.first.action": actor.extras.action,
    "out.first.log_prob": actor.extras.logProbability,
    "out.first.q1_of_action": q1OfAction!,
    "out.first.q2_of_action": q2OfAction!,
    "grad.log_alpha": temperature.gradient,
    flatActor: flat(actor.gradients),
    flatCritic: flat(critic.gradients),
  };
}

/** What the conservative term is made of, with the updated actor and the critics of before. */
function termOutputs(fixture: Fixture, tensors: Params, actor: Tensor): Record<string, Tensor> {
  const { dimensions, options, settings, real, batch } = conservativeSetup(fixture);
  const layouts = sacLayouts(dimensions, options.hiddenSizes);
  const [policy, critic] = [unflatten(actor, layouts.actor), unflatten(tensors.critic!, layouts.critic)];
  const inputs = {
    policy: (observation: Tensor, noise: Tensor) => samplePolicy(observation, noise, policy, options),
    noise: tensors,
  };
  const { from, count } = settings.rows?.(batch) ?? { from: 0, count: batch };
  const cut = (name: string) => tf.slice(tensors[name]!, [from, 0], [count, -1]);
  const states = { observation: cut("observation"), nextObservation: cut("nextObservation") };
  const sampled = sampleActions(inputs, states, settings);
  const { weighted } = sampledValues(
    (observation, actions) => criticOfActions(observation, actions, critic),
    states.observation,
    sampled,
  );
  const onData = tf.squeeze(tf.slice(criticOfBatch(tensors, critic), [0, 0, 0], [-1, 1, -1]), [1]);
  const dataQ = tf.slice(onData, [0, 0], [-1, real]);
  const [q1Real, q2Real] = tf.unstack(dataQ);
  return {
    ...valuesByKind(weighted),
    ...gapsOf(tensors, { weighted, dataQ }, settings),
    "out.first.q1_real": q1Real!,
    "out.first.q2_real": q2Real!,
  };
}

const criticOfBatch = ({ observation, action }: Params, critic: Params): Tensor =>
  criticOfActions(observation!, tf.expandDims(action!, 0), critic);

/** [critics, kinds, samples, rows] -> one tensor a kind and critic, a row's samples side by side. */
function valuesByKind(weighted: Tensor): Record<string, Tensor> {
  const kinds = tf.unstack(tf.transpose(weighted, [1, 0, 3, 2]));
  const names = ["pi_value", "pi_next_value", "random_value"];
  const entries = kinds.flatMap((kind, k) =>
    tf.unstack(kind).map((values, critic) => [`out.first.${names[k]}${critic + 1}`, values] as const),
  );
  return Object.fromEntries(entries);
}

interface Values {
  readonly weighted: Tensor;
  /** [critics, rows] */
  readonly dataQ: Tensor;
}

function gapsOf(tensors: Params, { weighted, dataQ }: Values, settings: ConservativeSettings): Record<string, Tensor> {
  const mean = markedMean(tf.expandDims(dataQ, -1), tf.ones([dataQ.shape[1]!, 1]));
  const terms = (layout: "all" | "three"): Tensor =>
    tf.mul(settings.weight, tf.sub(softMaximum(weighted, { ...settings, layout }), mean));
  const entries = (["all", "three"] as const).flatMap((layout) =>
    tf.unstack(terms(layout)).map((gap, critic) => [`out.first.gap${critic + 1}.${layout}`, gap] as const),
  );
  const { lagrangeThreshold: threshold, multiplierLearningRate: learningRate } = settings;
  if (threshold === undefined) return Object.fromEntries(entries);
  const { gradient } = multiplierStep(terms(settings.layout), tensors, { threshold, learningRate });
  return { ...Object.fromEntries(entries), "grad.cql_log_alpha": gradient };
}

interface Series {
  readonly [name: string]: number[];
}

async function allUpdates(fixture: Fixture, engine: Engine): Promise<readonly FixtureCheck[]> {
  const { updates } = conservativeSetup(fixture);
  const program = await engine.compile(programOf(fixture));
  const state: TensorState = new Map(Object.entries(stateOf(fixture)));
  const series: Series = {};
  const checks: FixtureCheck[] = [];
  for (let update = 0; update < updates; update++) {
    const outputs = await program.run(state, conservativeInputs(fixture, update));
    const figures = figuresOf(outputs, state);
    for (const [name, value] of Object.entries(figures))
      Object.assign(series, { [name]: [...(series[name] ?? []), value] });
    checks.push(...checkAfter(fixture, update + 1, state), ...checkMultiplier(fixture, update + 1, state));
  }
  await program.dispose();
  return [...checks, ...checkAll(fixture, present(fixture, series))];
}

function figuresOf(outputs: HostTensors, state: TensorState): Record<string, number> {
  const value = (name: string): number => outputs[name]?.data[0] ?? Number.NaN;
  const added = [value("conservativeLoss1"), value("conservativeLoss2")] as const;
  return {
    "out.loss.actor": value("actorLoss"),
    "out.loss.alpha": value("temperatureLoss"),
    "out.loss.critic1": value("criticLoss1") + added[0],
    "out.loss.critic2": value("criticLoss2") + added[1],
    "out.loss.cql_alpha": -0.5 * (added[0] + added[1]),
    "out.cql_alpha": value("multiplier"),
    "out.alpha": state.get("alpha")!.data[0]!,
  };
}

function checkMultiplier(fixture: Fixture, updates: number, state: TensorState): readonly FixtureCheck[] {
  const name = `after${updates}.cql_log_alpha`;
  return fixture.tensors.has(name) ? checkAll(fixture, { [name]: state.get("logMultiplier")!.data }) : [];
}

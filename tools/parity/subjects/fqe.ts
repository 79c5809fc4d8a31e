import { type Engine, type HostTensors, hostFloat32, type TensorState } from "@lowerbound/core";
import {
  copiesAfter,
  fqeInputs,
  fqeLayout,
  fqeProgram,
  fqeState,
  fqeUpdate,
  fqeValueProgram,
} from "@lowerbound/evaluation";
import { flatten } from "@lowerbound/nn";
import { checkAll, type Fixture, type FixtureCheck } from "@lowerbound/testing";
import * as tf from "@tensorflow/tfjs";
import { compute, host, slice0 } from "./compute.js";
import { flatCritics, layerNames, publicCritics, setupOf } from "./fqe-layout.js";

/** Fitted Q evaluation of a deterministic policy: the first update in parts, then all updates. */
export async function fqeSubject(fixture: Fixture, engine: Engine): Promise<readonly FixtureCheck[]> {
  return [...(await firstUpdate(fixture, engine)), ...(await allUpdates(fixture, engine))];
}

/** The policy's actions at golden observations: tanh of the file's own layers. */
async function policyActions(
  fixture: Fixture,
  engine: Engine,
  observation: HostTensors[string],
): Promise<Float32Array> {
  const modules = layerNames(setupOf(fixture).policyLayers);
  const names = modules.flatMap((module) => [`${module}.weight`, `${module}.bias`]);
  const weights = names.map((name) => [name, host(fixture.tensor(`params.policy.${name}`))] as const);
  const { action } = await compute(engine, { ...Object.fromEntries(weights), observation }, (tensors) => ({
    action: modules.reduce((hidden, module, index) => {
      const weight = tensors[`${module}.weight`]!;
      const out = tf.add(tf.matMul(hidden, tf.transpose(weight)), tensors[`${module}.bias`]!);
      return index === modules.length - 1 ? tf.tanh(out) : tf.relu(out);
    }, tensors.observation!),
  }));
  return Float32Array.from(action!);
}

function stateOf(fixture: Fixture): HostTensors {
  const { dimensions, options } = setupOf(fixture);
  const specs = Object.entries(fqeState(dimensions, options));
  const blank = specs.map(([name, { dtype, shape }]) => {
    const size = shape.reduce((product, length) => product * length, 1);
    return [name, { dtype, shape, data: new Float32Array(size) }] as const;
  });
  return {
    ...Object.fromEntries(blank),
    critic: flatCritics(fixture, "params.q."),
    target: flatCritics(fixture, "params.target_q."),
  };
}

async function inputsAt(fixture: Fixture, engine: Engine, update: number): Promise<Record<string, Float32Array>> {
  const { options, gamma, dimensions } = setupOf(fixture);
  const nextObservation = slice0(fixture, "in.next_obs", update);
  const next = hostFloat32(nextObservation, options.batchSize, dimensions.observation);
  const ended = slice0(fixture, "in.term", update);
  return {
    observation: slice0(fixture, "in.obs", update),
    action: slice0(fixture, "in.act", update),
    reward: slice0(fixture, "in.rew", update),
    nextObservation,
    nextAction: await policyActions(fixture, engine, next),
    continuation: slice0(fixture, "in.intervals", update).map((steps, row) => gamma ** steps * (1 - ended[row]!)),
    copy: Float32Array.of(copiesAfter(update, options) ? 1 : 0),
  };
}

async function firstUpdate(fixture: Fixture, engine: Engine): Promise<readonly FixtureCheck[]> {
  const { dimensions, options } = setupOf(fixture);
  const data = await inputsAt(fixture, engine, 0);
  const inputs = Object.entries(fqeInputs(dimensions, options.batchSize)).map(
    ([name, spec]) => [name, { ...spec, data: data[name]! }] as const,
  );
  const results = await compute(engine, { ...stateOf(fixture), ...Object.fromEntries(inputs) }, (tensors) => {
    const { gradients, target, targetValue } = fqeUpdate(tensors, dimensions, options);
    return { gradient: flatten(gradients, fqeLayout(dimensions, options)), regression: target, targetValue };
  });
  return checkAll(fixture, {
    ...publicCritics(fixture, results.gradient!, "grad.q."),
    "out.first.next_action": data.nextAction!,
    "out.first.target": results.regression!,
    "out.first.target_value": results.targetValue!,
  });
}

async function allUpdates(fixture: Fixture, engine: Engine): Promise<readonly FixtureCheck[]> {
  const { dimensions, options } = setupOf(fixture);
  const program = await engine.compile(fqeProgram(dimensions, options, options.batchSize));
  const state: TensorState = new Map(Object.entries(stateOf(fixture)));
  const losses: number[] = [];
  const checks: FixtureCheck[] = [];
  for (let update = 0; update < options.updates; update++) {
    const { loss } = await program.run(state, await inputsAt(fixture, engine, update));
    losses.push(loss!.data[0]!);
    if (fixture.names(`after${update + 1}.`).length === 0) continue;
    const after = `after${update + 1}.`;
    checks.push(...checkAll(fixture, publicCritics(fixture, state.get("critic")!.data, `${after}q.`)));
    checks.push(...checkAll(fixture, publicCritics(fixture, state.get("target")!.data, `${after}target_q.`)));
  }
  await program.dispose();
  return [...checks, ...checkAll(fixture, { "out.loss": losses, ...(await startValues(fixture, engine, state)) })];
}

async function startValues(fixture: Fixture, engine: Engine, state: TensorState) {
  const { dimensions, options } = setupOf(fixture);
  const observation = slice0(fixture, "in.obs", 0);
  const start = hostFloat32(observation, options.batchSize, dimensions.observation);
  const action = await policyActions(fixture, engine, start);
  const program = await engine.compile(fqeValueProgram(dimensions, options, options.batchSize));
  const { value } = await program.run(new Map([["critic", state.get("critic")!]]), { observation, action });
  const values = Float32Array.from(value!.data);
  await program.dispose();
  return { "out.start_action": action, "out.start_value": values };
}

import {
  type CompiledProgram,
  type Dimensions,
  drawNoise,
  type Engine,
  float32,
  type HostTensors,
  type Matrix,
  type Policy,
  type PolicyFunction,
  Random,
  type RandomState,
  scoped,
  type TensorProgram,
  type TensorState,
  unscoped,
} from "@lowerbound/core";

export interface HostPolicyContext {
  readonly dimensions: Dimensions;
  readonly engine: Engine;
  /** Trained tensors; may hold more than the policy reads. */
  readonly tensors: HostTensors;
}

interface ActState {
  readonly random: RandomState;
}

/** A policy function with its trained tensors, compiled for each batch size it meets. */
export function hostPolicy(
  policy: PolicyFunction,
  { dimensions, engine, tensors }: HostPolicyContext,
): Policy<ActState> {
  const names = Object.keys(policy.state(dimensions));
  const state: TensorState = new Map(names.map((name) => [name, tensors[name]!]));
  const programs = new Map<string, Promise<CompiledProgram>>();
  const compiled = (batch: number, deterministic: boolean): Promise<CompiledProgram> => {
    const key = `${batch} ${deterministic}`;
    const found = programs.get(key) ?? engine.compile(actProgram(policy, dimensions, batch, deterministic));
    programs.set(key, found);
    return found;
  };
  return {
    capabilities: { stochastic: true, logProbability: false },
    init: async (_batch, seed) => ({ random: Random.fromSeed(seed).state() }),
    act: async (observations, { random }, { deterministic }) => {
      const program = await compiled(observations.rows, deterministic);
      const source = Random.fromState(random);
      const noise = drawNoise(source, program.program.noise);
      const { action } = await program.run(state, { ...noise, observation: observations.data });
      const actions: Matrix = {
        rows: observations.rows,
        columns: dimensions.action,
        data: Float32Array.from(action!.data),
      };
      return { actions, state: { random: source.state() } };
    },
    close: async () => {
      for (const program of programs.values()) await (await program).dispose();
      programs.clear();
    },
  };
}

const actProgram = (
  policy: PolicyFunction,
  dimensions: Dimensions,
  batch: number,
  deterministic: boolean,
): TensorProgram => ({
  name: "act",
  state: policy.state(dimensions),
  inputs: { observation: float32(batch, dimensions.observation) },
  noise: deterministic ? {} : scoped("policy", policy.noise(dimensions, batch)),
  fn: (tensors) => {
    const noise = deterministic ? undefined : unscoped("policy", tensors);
    return { action: policy.act(tensors.observation!, tensors, noise) };
  },
});

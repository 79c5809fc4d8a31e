import {
  type CompiledProgram,
  ConfigError,
  DataError,
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
  type Specs,
  scoped,
  sizeOf,
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

/**
 * A policy function with its trained tensors, compiled for each batch size it meets.
 *
 * @throws ConfigError for tensors of other sizes than its networks'; `act` throws DataError for observations of another
 * width
 */
export function hostPolicy(
  policy: PolicyFunction,
  { dimensions, engine, tensors }: HostPolicyContext,
): Policy<ActState> {
  const read = tensorsOf(policy.state(dimensions), tensors);
  const state: TensorState = new Map(Object.entries(read));
  const programs = new Map<string, Promise<CompiledProgram>>();
  const cached = (key: string, program: () => TensorProgram): Promise<CompiledProgram> => {
    const found = programs.get(key) ?? engine.compile(program());
    programs.set(key, found);
    return found;
  };
  const compiled = (batch: number, deterministic: boolean): Promise<CompiledProgram> =>
    cached(`${batch} ${deterministic}`, () => actProgram(policy, dimensions, batch, deterministic));
  const density = policy.logProbability;
  const stochastic = Object.keys(policy.noise(dimensions, 1)).length > 0;
  return {
    capabilities: { stochastic, logProbability: density !== undefined },
    ...(policy.maximumAction === undefined ? {} : { maximumAction: policy.maximumAction }),
    pure: { function: policy, tensors: read },
    init: async (_batch, seed) => ({ random: Random.fromSeed(seed).state() }),
    act: async (observations, { random }, { deterministic }) => {
      checkWidth(observations, dimensions.observation);
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
    ...(density === undefined
      ? {}
      : {
          logProbability: async (observations: Matrix, actions: Matrix): Promise<Float32Array> => {
            const { rows } = observations;
            const program = await cached(`density ${rows}`, () => densityProgram(policy, dimensions, rows, density));
            const inputs = { observation: observations.data, action: actions.data };
            return Float32Array.from((await program.run(state, inputs)).value!.data);
          },
        }),
    close: async () => {
      for (const program of programs.values()) await (await program).dispose();
      programs.clear();
    },
  };
}

/** The tensors that a policy reads. @throws ConfigError for one that is missing or has another size */
function tensorsOf(specs: Specs, tensors: HostTensors): HostTensors {
  const read = Object.keys(specs).map((name) => [name, tensors[name]] as const);
  for (const [name, tensor] of read) {
    const [wanted, got] = [sizeOf(specs[name]!.shape), tensor?.data.length ?? 0];
    if (wanted === got) continue;
    throw new ConfigError(`the trained policy has ${got} numbers in its tensor "${name}", not ${wanted}`, {
      where: "policy",
      expected: "the options that it was trained with, and observations and actions as wide",
      remedy: "take the run's own configuration (its config.json)",
    });
  }
  return Object.fromEntries(read) as HostTensors;
}

function checkWidth({ rows, columns, data }: Matrix, width: number): void {
  if (columns === width && data.length === rows * columns) return;
  throw new DataError(`${data.length} numbers for ${rows} observations of ${columns}`, {
    where: "policy.act",
    expected: `observations of ${width} numbers, a row each`,
  });
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

const densityProgram = (
  policy: PolicyFunction,
  dimensions: Dimensions,
  batch: number,
  density: NonNullable<PolicyFunction["logProbability"]>,
): TensorProgram => ({
  name: "log-probability",
  state: policy.state(dimensions),
  inputs: { observation: float32(batch, dimensions.observation), action: float32(batch, dimensions.action) },
  noise: {},
  fn: (tensors) => ({ value: density(tensors.observation!, tensors.action!, tensors) }),
});

import assert from "node:assert/strict";
import {
  type Dimensions,
  drawNoise,
  type Engine,
  float32,
  type HostTensors,
  type Optimiser,
  Random,
  scoped,
  unscoped,
  zeros,
} from "@lowerbound/core";
import type { ConformanceCase } from "./dataset-conformance.js";
import { compareEngines } from "./engine-parity.js";

export interface OptimiserConformance {
  readonly make: () => Optimiser;
  /** Half-width of the action box. */
  readonly maximumAction: number;
  /** Compiled, and eager. */
  readonly engines: readonly [Engine, Engine];
}

const DIMENSIONS: Dimensions = { observation: 4, action: 2 };
const BATCH = 6;
const UPDATES = 3;

/** What every policy optimiser that learns from stored transitions must do. */
export function optimiserConformance({
  make,
  maximumAction,
  engines,
}: OptimiserConformance): readonly ConformanceCase[] {
  const [engine] = engines;
  return [
    {
      name: "initialises exactly the state that its update takes, a function of the stream alone",
      run: async () => {
        const state = initial(make());
        const specs = Object.entries(make().update(DIMENSIONS, BATCH, {}).state);
        assert.deepEqual(Object.keys(state).sort(), specs.map(([name]) => name).sort());
        for (const [name, { shape }] of specs) assert.deepEqual(state[name]!.shape, shape, name);
        assert.deepEqual(initial(make()), state);
      },
    },
    {
      name: "gives scalar metrics beside the state, and a policy that moves",
      run: async () => {
        const { state, metrics } = await train(engine, make());
        for (const [name, { data }] of Object.entries(metrics))
          assert.ok(data.length === 1 && Number.isFinite(data[0]), name);
        const moved = Object.keys(make().policy.state(DIMENSIONS));
        for (const name of moved) assert.notDeepEqual(state.get(name)!.data, initial(make())[name]!.data, name);
      },
    },
    {
      name: "gives the same on all engines",
      run: async () => {
        const program = make().update(DIMENSIONS, BATCH, {});
        const found = await compareEngines({ program, state: initial(make()), runs: batches(make()) }, engines);
        assert.deepEqual(found, []);
      },
    },
    {
      name: "has a policy that acts within the box it names, differently with other noise, and has a mode",
      run: async () => {
        const [a, b, mode] = [
          await act(engine, make(), 1),
          await act(engine, make(), 2),
          await act(engine, make(), undefined),
        ];
        for (const action of [a, b, mode]) assert.ok(action.every((value) => Math.abs(value) <= maximumAction));
        assert.equal(make().policy.maximumAction ?? 1, maximumAction);
        assert.notDeepEqual(a, b);
        assert.deepEqual(mode, await act(engine, make(), undefined));
      },
    },
  ];
}

const initial = (optimiser: Optimiser): HostTensors => optimiser.initialise(DIMENSIONS, Random.fromSeed(1));

/** Mini-batches and noise of a few updates. */
function batches(optimiser: Optimiser) {
  const { inputs, noise } = optimiser.update(DIMENSIONS, BATCH, {});
  const random = Random.fromSeed(2);
  return Array.from({ length: UPDATES }, () => {
    const batch = Object.entries(inputs).map(([name, spec]) => {
      const data = random.normal(new Float32Array(zeros(spec).data.length));
      return [name, name === "termination" || name === "fromData" ? data.map((x) => (x > 0 ? 1 : 0)) : data] as const;
    });
    return { ...Object.fromEntries(batch), ...drawNoise(random, noise) };
  });
}

async function train(engine: Engine, optimiser: Optimiser) {
  const program = await engine.compile(optimiser.update(DIMENSIONS, BATCH, {}));
  const state = new Map(Object.entries(initial(optimiser)));
  let metrics: HostTensors = {};
  for (const inputs of batches(optimiser)) metrics = structuredClone(await program.run(state, inputs));
  const copies = [...state].map(([name, host]) => [name, structuredClone(host)] as const);
  await program.dispose();
  return { state: new Map(copies), metrics };
}

async function act(engine: Engine, { policy, ...optimiser }: Optimiser, seed: number | undefined): Promise<number[]> {
  const noise = seed === undefined ? {} : scoped("noise", policy.noise(DIMENSIONS, BATCH));
  const program = await engine.compile({
    name: "act",
    state: policy.state(DIMENSIONS),
    inputs: { observation: float32(BATCH, DIMENSIONS.observation) },
    noise,
    fn: (tensors) => ({
      action: policy.act(tensors.observation!, tensors, seed === undefined ? undefined : unscoped("noise", tensors)),
    }),
  });
  const observation = Random.fromSeed(3).normal(new Float32Array(BATCH * DIMENSIONS.observation));
  const drawn = drawNoise(Random.fromSeed(seed ?? 0), noise);
  const state = new Map(Object.entries(initial({ policy, ...optimiser })));
  const { action } = await program.run(state, { observation, ...drawn });
  const copy = [...action!.data];
  await program.dispose();
  return copy;
}

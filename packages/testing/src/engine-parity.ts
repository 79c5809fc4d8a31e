import type { CompiledProgram, Engine, HostTensor, HostTensors, TensorProgram, TypedArray } from "@lowerbound/core";
import { excessOf } from "./excess.js";

/** Where one engine's result lies furthest from the first engine's. */
export interface EngineDisagreement {
  readonly engine: string;
  readonly tensor: string;
  readonly index: number;
  readonly got: number;
  readonly wanted: number;
  /** |got - wanted| over (absolute + relative |wanted|); above 1 the tolerance is exceeded. */
  readonly excess: number;
}

export interface EngineTolerance {
  readonly absolute: number;
  readonly relative: number;
}

/**
 * What engines may differ by after a few update steps in float32: sums are taken in another order, and Adam divides
 * by the root of small second moments.
 */
export const ENGINE_TOLERANCE: EngineTolerance = { absolute: 2e-5, relative: 1e-4 };

export interface ParityRun {
  readonly program: TensorProgram;
  /** Starting state; every engine works on a copy. */
  readonly state: HostTensors;
  /** Inputs and noise of each run, in order; state goes from run to run. */
  readonly runs: readonly Readonly<Record<string, TypedArray>>[];
}

/** Run a program on every engine and compare all outputs and the final state with the first engine's. */
export async function compareEngines(
  { program, state, runs }: ParityRun,
  engines: readonly Engine[],
  tolerance: EngineTolerance = ENGINE_TOLERANCE,
): Promise<readonly EngineDisagreement[]> {
  const [reference, ...others] = engines;
  if (reference === undefined || others.length === 0) throw new RangeError("compareEngines needs two engines or more");
  const wanted = await results(await reference.compile(program), state, runs);
  const found: EngineDisagreement[] = [];
  for (const engine of others) {
    const got = await results(await engine.compile(program), state, runs);
    for (const [tensor, host] of wanted) {
      found.push({ engine: engine.name, tensor, ...furthest(got.get(tensor), host, tolerance) });
    }
  }
  return found.filter(({ excess }) => excess > 1);
}

async function results(compiled: CompiledProgram, start: HostTensors, runs: ParityRun["runs"]) {
  const copies = Object.entries(start).map(([name, host]) => [name, { ...host, data: host.data.slice() }] as const);
  const state = new Map<string, HostTensor>(copies);
  const all = new Map<string, HostTensor>();
  for (const [step, inputs] of runs.entries()) {
    const outputs = await compiled.run(state, inputs);
    for (const [name, host] of Object.entries(outputs))
      all.set(`${step}:${name}`, { ...host, data: host.data.slice() });
  }
  for (const [name, host] of state) all.set(name, host);
  await compiled.dispose();
  return all;
}

function furthest(got: HostTensor | undefined, wanted: HostTensor, { absolute, relative }: EngineTolerance) {
  let worst = { index: -1, got: Number.NaN, wanted: Number.NaN, excess: 0 };
  if (got === undefined || got.data.length !== wanted.data.length)
    return { ...worst, excess: Number.POSITIVE_INFINITY };
  for (let index = 0; index < wanted.data.length; index++) {
    const [a, b] = [got.data[index]!, wanted.data[index]!];
    const excess = excessOf(a, b, absolute + relative * Math.abs(b));
    if (excess > worst.excess) worst = { index, got: a, wanted: b, excess };
  }
  return worst;
}

import { type HostTensor, type HostTensors, hostFloat32, Random } from "@lowerbound/core";
import { type EnsembleOptions, fittedOf, initialiseEnsemble } from "@lowerbound/dynamics-ensemble";
import { dimensions } from "./sizes.js";

const sampled = 5;

/** Tensors of an ensemble as a fit leaves them, with fresh weights and inputs that need no scaling. */
export function untrainedEnsemble(options: EnsembleOptions): HostTensors {
  const initial = initialiseEnsemble(Random.fromSeed(3), dimensions, options);
  const { maxLogVar, minLogVar, ...layers } = initial;
  const best = { ...layers, ...perMember({ maxLogVar: maxLogVar!, minLogVar: minLogVar! }, options.members) };
  const width = dimensions.observation + dimensions.action;
  const fit = {
    best,
    last: initial,
    errors: [],
    elites: Int32Array.from({ length: sampled }, (_, member) => member),
    history: { trainLosses: [], holdoutErrors: [], improved: [] },
  };
  return fittedOf(fit, { mean: new Float32Array(width), std: new Float32Array(width).fill(1) }).tensors;
}

/** Vectors once for each member: [size] -> [members, 1, size]. */
function perMember(vectors: Readonly<Record<string, HostTensor>>, members: number): HostTensors {
  const entries = Object.entries(vectors).map(([name, { data }]) => {
    const repeated = new Float32Array(members * data.length);
    for (let member = 0; member < members; member++) repeated.set(data, member * data.length);
    return [name, hostFloat32(repeated, members, 1, data.length)] as const;
  });
  return Object.fromEntries(entries);
}

import {
  CapabilityError,
  type Dimensions,
  type FitContext,
  type Fitted,
  type Params,
  type PenaltyInputs,
  scoped,
  type UncertaintyPenalty,
  uncertainty,
  unscoped,
} from "@lowerbound/core";
import type { Tensor } from "@tensorflow/tfjs";
import { fitInTurn } from "./fit-in-turn.js";

export interface Composition {
  /** Unit of the result; that of the parts where it is left out. */
  readonly unit?: string;
  /** u of each part [batch] -> u [batch]. */
  readonly combine: (values: readonly Tensor[]) => Tensor;
}

/**
 * One penalty made of others: their requests, random numbers, fit phases and tensors live side by side, each part's
 * under its number.
 *
 * @throws CapabilityError if some parts lower the reward and others the Bellman target.
 */
export function compose(parts: readonly UncertaintyPenalty[], { unit, combine }: Composition): UncertaintyPenalty {
  const noisy = parts.some((part) => part.noise !== undefined);
  const holdsOut = Math.max(0, ...parts.map((part) => part.holdsOut ?? 0));
  const fittable = parts.some((part) => part.fit !== undefined);
  return {
    unit: unit ?? [...new Set(parts.map((part) => part.unit ?? "unknown"))].join(" and "),
    seesReward: parts.some((part) => part.seesReward ?? false),
    seesMembers: parts.some((part) => part.seesMembers ?? true),
    appliesTo: commonSeam(parts),
    requests: [...new Set(parts.flatMap((part) => part.requests ?? []))],
    ...(noisy ? { noise: (batch: number, dimensions: Dimensions) => noiseOf(parts, batch, dimensions) } : {}),
    ...(holdsOut > 0 ? { holdsOut } : {}),
    check: async (log) => {
      for (const part of parts) await part.check?.(log);
    },
    ...(fittable ? { fit: (context: FitContext) => fitParts(parts, context) } : {}),
    penalise: (inputs, params) => combine(parts.map((part, index) => partValue(part, index, inputs, params))),
  };
}

const noiseOf = (parts: readonly UncertaintyPenalty[], batch: number, dimensions: Dimensions) =>
  Object.assign({}, ...parts.map((part, index) => scoped(`${index}`, part.noise?.(batch, dimensions) ?? {})));

function partValue(part: UncertaintyPenalty, index: number, inputs: PenaltyInputs, params: Params): Tensor {
  const noise = inputs.noise === undefined ? {} : { noise: unscoped(`${index}`, inputs.noise) };
  return uncertainty(part, { ...inputs, ...noise }, unscoped(`${index}`, params));
}

async function fitParts(parts: readonly UncertaintyPenalty[], context: FitContext): Promise<Fitted> {
  const results = await fitInTurn(
    parts.map((part) => part.fit?.bind(part)),
    context,
  );
  const tensors = results.map((result, index) => scoped(`${index}`, result?.tensors ?? {}));
  const facts = results.map((result, index) => [`${index}`, result?.facts ?? {}] as const);
  return { tensors: Object.assign({}, ...tensors), facts: Object.fromEntries(facts) };
}

function commonSeam(parts: readonly UncertaintyPenalty[]): "reward" | "target" {
  const seams = new Set(parts.map((part) => part.appliesTo ?? "reward"));
  const [seam = "reward"] = seams;
  if (seams.size > 1) {
    throw new CapabilityError("some of the combined penalties lower the reward and others the Bellman target", {
      where: "penalty",
      expected: "penalties that apply to the same; `bellman-inconsistency` has an option `appliesTo`",
    });
  }
  return seam;
}

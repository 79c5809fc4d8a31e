import type { Tensor } from "@tensorflow/tfjs";
import { defineKind } from "../registry/kind.js";
import type { Fittable } from "./fit.js";
import type { HostTensors, Params, Specs } from "./tensors.js";

/** A density of logged pairs: log p(action | observation), or of both. */
export interface DensityModel extends Fittable {
  readonly conditional: boolean;
  parameters(fitted: HostTensors): Specs;
  /** observation [batch, observation], action [batch, action] -> log-density [batch], in nats. */
  logProbability(inputs: { readonly observation: Tensor; readonly action: Tensor }, params: Params): Tensor;
}

export const DensityModel = defineKind<DensityModel>()("density", { summary: "a density of the logged actions" });

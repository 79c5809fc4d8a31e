import { type HostTensors, hostFloat32 } from "@lowerbound/core";
import type { Fixture } from "@lowerbound/testing";
import { type Architecture, parameterSpecs } from "@lowerbound/trajectory-transformer";
import { z } from "zod";
import { floats } from "./compute.js";

const count = z.int().positive();
const schema = z.looseObject({
  transition_size: count,
  bins: count,
  block: count,
  layers: count,
  heads: count,
  embedding: count,
});

export function architectureOf(fixture: Fixture): Architecture {
  const h = schema.parse(fixture.hyperparameters);
  const { layers, heads, embedding, bins } = h;
  return { layers, heads, embedding, bins, terminates: true, transition: h.transition_size, positions: h.block };
}

/** A weight [output, input] as ours, [input, output]. */
function transposed(data: Float32Array, output: number): Float32Array {
  const input = data.length / output;
  return Float32Array.from({ length: data.length }, (_, i) => data[(i % output) * input + Math.floor(i / output)]!);
}

const LAYERS = { projection: "attn.proj", up: "mlp.0", down: "mlp.2" } as const;
const NORMS = { attentionNorm: "ln1", forwardNorm: "ln2" } as const;

/** The public model's parameters as those that decoding reads. */
export function weightsOf(fixture: Fixture): HostTensors {
  const shape = architectureOf(fixture);
  const at = (name: string) => floats(fixture, `params.${name}`);
  const data: Record<string, Float32Array> = {
    tokens: at("tok_emb.weight"),
    positions: at("pos_emb"),
    "norm/scale": at("ln_f.weight"),
    "norm/offset": at("ln_f.bias"),
    heads: at("head.weight"),
  };
  for (let block = 0; block < shape.layers; block++) {
    const [from, to] = [`blocks.${block}`, `blocks/${block}`];
    for (const [ours, theirs] of Object.entries(NORMS)) {
      data[`${to}/${ours}/scale`] = at(`${from}.${theirs}.weight`);
      data[`${to}/${ours}/offset`] = at(`${from}.${theirs}.bias`);
    }
    for (const [ours, theirs] of Object.entries(LAYERS)) {
      const bias = at(`${from}.${theirs}.bias`);
      data[`${to}/${ours}/weight`] = transposed(at(`${from}.${theirs}.weight`), bias.length);
      data[`${to}/${ours}/bias`] = bias;
    }
    const parts = ["query", "key", "value"].map((part) => `${from}.attn.${part}`);
    const weights = Float32Array.from(parts.flatMap((part) => [...at(`${part}.weight`)]));
    data[`${to}/attention/weight`] = transposed(weights, 3 * shape.embedding);
    data[`${to}/attention/bias`] = Float32Array.from(parts.flatMap((part) => [...at(`${part}.bias`)]));
  }
  const specs = Object.entries(parameterSpecs(shape));
  return Object.fromEntries(specs.map(([name, spec]) => [name, hostFloat32(data[name]!, ...spec.shape)]));
}

// The public transformers' parameters, and ours.
import { type HostTensors, hostFloat32 } from "@lowerbound/core";
import type { Fixture } from "@lowerbound/testing";
import { type Architecture, parameterSpecs } from "@lowerbound/trajectory-transformer";
import { z } from "zod";
import { floats, transposed } from "./compute.js";

const count = z.int().positive();
const schema = z.looseObject({
  transition_size: count,
  bins: count,
  block: count.optional(),
  sequence_limit: count.optional(),
  layers: count,
  heads: count,
  embedding: count,
});

/** The second project knows no token for the end of an episode, and embeds as many positions as a sequence may have. */
export function architectureOf(fixture: Fixture): Architecture {
  const { layers, heads, embedding, bins, ...h } = schema.parse(fixture.hyperparameters);
  const positions = h.block ?? h.sequence_limit ?? 0;
  return {
    layers,
    heads,
    embedding,
    bins,
    terminates: h.block !== undefined,
    transition: h.transition_size,
    positions,
  };
}

/** Public names of what one of our tensors is made of, joined along the outputs. */
interface Origin {
  readonly names: readonly string[];
  /** Public weights are [output, input], ours [input, output]. */
  readonly turned: boolean;
}

const FIRST = {
  attention: ["attn.query", "attn.key", "attn.value"].map((name) => ({
    weight: `${name}.weight`,
    bias: `${name}.bias`,
  })),
  projection: "attn.proj",
  norms: { attentionNorm: "ln1", forwardNorm: "ln2", norm: "ln_f" },
};
const SECOND = {
  attention: [{ weight: "attention.in_proj_weight", bias: "attention.in_proj_bias" }],
  projection: "attention.out_proj",
  norms: { attentionNorm: "norm1", forwardNorm: "norm2", norm: "norm" },
};
const MLP = { up: "mlp.0", down: "mlp.2" };

/** What our tensor is called there. */
function originOf(name: string, { terminates }: Architecture): Origin {
  const theirs = terminates ? FIRST : SECOND;
  const plain = { tokens: "tok_emb.weight", positions: "pos_emb", heads: "head.weight" }[name];
  if (plain !== undefined) return { names: [plain], turned: false };
  const [last, layer, ...path] = name.split("/").reverse() as [string, string, ...string[]];
  const block = path.length === 0 ? "" : `blocks.${path[0]}.`;
  if (last === "scale" || last === "offset") {
    const norm = theirs.norms[layer as keyof typeof theirs.norms];
    return { names: [`${block}${norm}.${last === "scale" ? "weight" : "bias"}`], turned: false };
  }
  const part = last as "weight" | "bias";
  const turned = part === "weight";
  if (layer === "attention") return { names: theirs.attention.map((each) => `${block}${each[part]}`), turned };
  const other = layer === "projection" ? theirs.projection : MLP[layer as keyof typeof MLP];
  return { names: [`${block}${other}.${part}`], turned };
}

/** The public parameters under a prefix as ours. */
export function ourParameters(fixture: Fixture, prefix: string): HostTensors {
  const architecture = architectureOf(fixture);
  const entries = Object.entries(parameterSpecs(architecture)).map(([name, { shape }]) => {
    const { names, turned } = originOf(name, architecture);
    const joined = Float32Array.from(names.flatMap((each) => [...floats(fixture, `${prefix}${each}`)]));
    return [name, hostFloat32(turned ? transposed(joined, shape.at(-1)!) : joined, ...shape)] as const;
  });
  return Object.fromEntries(entries);
}

/** Our tensors by their public names under a prefix. */
export function publicParameters(fixture: Fixture, prefix: string, ours: HostTensors): Record<string, Float32Array> {
  const architecture = architectureOf(fixture);
  const entries = Object.entries(ours).flatMap(([name, { data, shape }]) => {
    const { names, turned } = originOf(name, architecture);
    const joined = turned ? transposed(data, shape[0]!) : Float32Array.from(data);
    const size = joined.length / names.length;
    return names.map((each, i) => [`${prefix}${each}`, joined.slice(i * size, (i + 1) * size)] as const);
  });
  return Object.fromEntries(entries);
}

import { FileError } from "@lowerbound/core";
import type { PolicyRecipe } from "@lowerbound/environments";
import type { Layer } from "./network.js";
import { type HalfTensor, readHalfTensors } from "./safetensors.js";

/** The policies of one training run. */
export interface Ladder {
  /** Environment steps after which each policy was saved, rising. */
  readonly rungs: readonly number[];
  /** The policy saved after that many steps; the last one is the medium one. */
  rung(steps: number): PolicyRecipe;
  /** The last policy of the whole run, far above the ladder's last. */
  expert(): PolicyRecipe;
  /** Uniform actions. */
  random(): PolicyRecipe;
}

/** Load the policies shipped for a task, `hopper` or `halfcheetah`. @throws FileError */
export async function loadLadder(task: string): Promise<Ladder> {
  const asset = (name: string) => new URL(`../assets/${task}-${name}.safetensors`, import.meta.url);
  const ladder = await readHalfTensors(asset("ladder.policies"));
  const expert = await readHalfTensors(asset("expert.policy"));
  const prefixes = [...new Set([...ladder.keys()].map((name) => name.split(".")[0]!))].sort();
  return {
    rungs: prefixes.map(Number),
    rung: (steps) => gaussian(layersOf(ladder, String(steps).padStart(6, "0"))),
    expert: () => gaussian(layersOf(expert, "expert")),
    random: () => recipe("uniformPolicy", { action: layersOf(expert, "expert").at(-1)!.outputs / 2 }),
  };
}

const recipe = (name: string, argument: unknown): PolicyRecipe => ({
  module: new URL(import.meta.url.endsWith(".ts") ? "./policies.ts" : "./policies.js", import.meta.url).href,
  export: name,
  argument,
});

const gaussian = (layers: readonly Layer[]): PolicyRecipe => recipe("gaussianPolicy", { layers });

function layersOf(tensors: ReadonlyMap<string, HalfTensor>, prefix: string): Layer[] {
  return [0, 1, 2].map((layer) => {
    const weight = tensors.get(`${prefix}.weight.${layer}`);
    const bias = tensors.get(`${prefix}.bias.${layer}`);
    const [inputs, outputs] = weight?.shape ?? [];
    if (weight === undefined || bias === undefined || inputs === undefined || outputs === undefined) {
      throw new FileError(`the shipped policies lack layer ${layer} of "${prefix}"`, {
        expected: "three dense layers a policy",
        remedy: "install @lowerbound/recipes again",
      });
    }
    return { inputs, outputs, weight: weight.data, bias: bias.data };
  });
}

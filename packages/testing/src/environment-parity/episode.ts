import type { StoredTensor } from "../safetensors.js";
import type { EnvironmentGolden } from "./golden.js";

/** One recorded episode; row t is after step t. */
export interface GoldenEpisode {
  readonly name: string;
  readonly steps: number;
  readonly infoKeys: readonly string[];
  readonly resetInfoKeys: readonly string[];
  has(key: string): boolean;
  /** Row t of a tensor, or the only one. */
  row(key: string, t?: number): Float64Array;
  action(t: number): Float32Array;
}

export function goldenEpisodes(golden: EnvironmentGolden): readonly GoldenEpisode[] {
  return golden.rollouts.episodes.map(({ name }) => goldenEpisode(golden, name));
}

function goldenEpisode({ id, tensors }: EnvironmentGolden, name: string): GoldenEpisode {
  const tensor = (key: string): StoredTensor => {
    const found = tensors.get(`${name}/${key}`);
    if (found === undefined) throw new Error(`${id}: no tensor "${name}/${key}"`);
    return found;
  };
  const keys = (prefix: string) =>
    [...tensors.keys()].filter((key) => key.startsWith(`${name}/${prefix}`)).map((key) => key.split("/")[1] ?? "");
  const slice = (key: string, t: number | undefined) => {
    const { data, shape } = tensor(key);
    if (t === undefined) return data;
    const size = data.length / (shape[0] ?? 1);
    return data.subarray(t * size, (t + 1) * size);
  };
  return {
    name,
    steps: tensor("actions").shape[0] ?? 0,
    infoKeys: keys("info."),
    resetInfoKeys: keys("init_info."),
    has: (key) => tensors.has(`${name}/${key}`),
    row: (key, t) => Float64Array.from(slice(key, t)),
    action: (t) => Float32Array.from(slice("actions", t)),
  };
}

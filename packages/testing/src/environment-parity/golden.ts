import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import { readSafetensors, type StoredTensor } from "../safetensors.js";

const numbers = z.array(z.number());
const nullableRange = z.union([z.array(z.number().nullable()), z.number(), z.boolean(), z.string(), z.null()]);

const bodySchema = z.looseObject({
  parent: z.number(),
  pos: numbers,
  quat: numbers,
  mass: z.number(),
  ipos: numbers,
  iquat: numbers,
  inertia: numbers,
  subtree_mass: z.number(),
  invweight0: numbers,
});
const jointSchema = z.looseObject({
  body: z.number(),
  type: z.string(),
  pos: numbers,
  axis: numbers,
  range: numbers,
  stiffness: z.number(),
  damping: z.number(),
  armature: z.number(),
  frictionloss: z.number(),
  margin: z.number(),
  solref_limit: numbers,
  solimp_limit: numbers,
  dof_invweight0: numbers,
  dof_M0: numbers,
});
const geomSchema = z.looseObject({
  body: z.number(),
  pos: numbers,
  quat: numbers,
  size: numbers,
  friction: numbers,
  condim: z.number(),
  contype: z.number(),
  conaffinity: z.number(),
  priority: z.number(),
  margin: z.number(),
  gap: z.number(),
  solmix: z.number(),
  solref: numbers,
  solimp: numbers,
});
const modelSchema = z.looseObject({
  counts: z.record(z.string(), z.number()),
  option: z.looseObject({ timestep: z.number(), density: z.number(), viscosity: z.number() }),
  qpos0: numbers,
  qpos_spring: numbers,
  bodies: z.array(bodySchema),
  joints: z.array(jointSchema),
  geoms: z.array(geomSchema),
  actuators: z.array(z.looseObject({ gear: numbers, ctrlrange: numbers, acc0: z.number() })),
});

const spaceSchema = z.looseObject({
  shape: z.tuple([z.number()]),
  low: z.union([numbers, z.literal("-infinity")]),
  high: z.union([numbers, z.literal("infinity")]),
});
const factsSchema = z.looseObject({
  env_id: z.string(),
  environment: z.looseObject({
    constructor_defaults: z.record(z.string(), z.union([nullableRange, z.record(z.string(), z.unknown())])),
    time_limit_steps: z.number(),
    action_space: spaceSchema,
    observation_space: spaceSchema,
  }),
  model: modelSchema.optional(),
});

const limitsSchema = z.array(
  z.object({ up_to_step: z.union([z.number(), z.literal("end")]), max_abs: z.number().nonnegative() }),
);
const rolloutsSchema = z.looseObject({
  env_id: z.string(),
  file: z.string(),
  episodes: z.array(z.looseObject({ name: z.string() })),
  tolerance: z.looseObject({
    reset_obs: z.number(),
    one_step_obs_with_warm_start: z.number().optional(),
    one_step_obs_without_warm_start: z.number().optional(),
    obs_from_start: limitsSchema,
    rewards_from_start: limitsSchema.optional(),
    state_from_start: limitsSchema.optional(),
  }),
});

export type EnvironmentFacts = z.output<typeof factsSchema>;
export type ModelFacts = z.output<typeof modelSchema>;
export type RolloutsManifest = z.output<typeof rolloutsSchema>;
export type StepLimits = z.output<typeof limitsSchema>;

/** What is known of one environment: facts, and episodes played with the reference implementation. */
export interface EnvironmentGolden {
  readonly id: string;
  readonly facts: EnvironmentFacts;
  readonly rollouts: RolloutsManifest;
  readonly tensors: ReadonlyMap<string, StoredTensor>;
}

/** Read `ID.facts.json`, `ID.rollouts.json` and the tensors it names. */
export async function loadEnvironmentGolden(directory: string, id: string): Promise<EnvironmentGolden> {
  const json = async (name: string): Promise<unknown> =>
    JSON.parse(await readFile(join(directory, `${id}.${name}.json`), "utf8"));
  const facts = factsSchema.parse(await json("facts"));
  const rollouts = rolloutsSchema.parse(await json("rollouts"));
  const file = join(directory, rollouts.file);
  return { id, facts, rollouts, tensors: readSafetensors(await readFile(file), file) };
}

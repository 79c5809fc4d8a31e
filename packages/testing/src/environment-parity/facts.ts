import type { Environment } from "@lowerbound/core";
import { environmentComponents, environmentType, inspectModel } from "@lowerbound/environments";
import type { EnvironmentFacts, ModelFacts } from "./golden.js";
import { type EnvironmentCheck, trackWorst } from "./worst.js";

/** Degrees of freedom of the joints that have not one. */
const DEGREES: Readonly<Record<string, number>> = { free: 6, ball: 3 };

/** Spaces, time limit and the defaults of every option. */
export function checkInterface(
  environment: Environment,
  { environment: facts, env_id }: EnvironmentFacts,
): EnvironmentCheck {
  const worst = trackWorst();
  for (const name of ["action", "observation"] as const) {
    const space = name === "action" ? environment.actionSpace : environment.observationSpace;
    const { shape, low, high } = facts[`${name}_space`];
    const fill = (bound: number) => new Array<number>(shape[0]).fill(bound);
    worst.compare(`${name} space low`, space.low, low === "-infinity" ? fill(-Infinity) : low, 0);
    worst.compare(`${name} space high`, space.high, high === "infinity" ? fill(Infinity) : high, 0);
  }
  worst.compare("time limit", [environment.timeLimit], [facts.time_limit_steps], 0);
  const component = environmentComponents.find(({ type }) => type === environmentType(env_id));
  const defaults: Record<string, unknown> = { ...component?.config.parse({}) };
  for (const [key, value] of Object.entries(facts.constructor_defaults)) {
    if (key === "default_camera_config") continue;
    worst.compare(`option ${key}`, asNumbers(defaults[camelCase(key)]), asNumbers(value), 0);
  }
  return worst.result("interface");
}

/** Every number of the compiled model, bit for bit; absent where an environment has no model. */
export async function checkModel(id: string, facts: ModelFacts): Promise<EnvironmentCheck> {
  const worst = trackWorst();
  const got = await inspectModel(id);
  for (const [name, value] of Object.entries(got.counts)) worst.compare(name, [value], [facts.counts[name] ?? NaN], 0);
  for (const name of ["timestep", "density", "viscosity"] as const) {
    worst.compare(name, [got[name]], [facts.option[name]], 0);
  }
  const wanted = modelArrays(facts);
  for (const [name, values] of Object.entries(got.arrays)) worst.compare(name, values, wanted[name] ?? [], 0);
  return worst.result("model");
}

function modelArrays({ qpos0, qpos_spring, bodies, joints, geoms, actuators }: ModelFacts): Record<string, number[]> {
  return {
    qpos0,
    qpos_spring,
    body_parentid: bodies.map(({ parent }) => parent),
    ...columns("body_", bodies, ["pos", "quat", "mass", "ipos", "iquat", "inertia", "invweight0"]),
    body_subtreemass: bodies.map(({ subtree_mass }) => subtree_mass),
    jnt_bodyid: joints.map(({ body }) => body),
    ...columns("jnt_", joints, ["pos", "axis", "range", "stiffness", "margin"]),
    jnt_solref: joints.flatMap(({ solref_limit }) => solref_limit),
    jnt_solimp: joints.flatMap(({ solimp_limit }) => solimp_limit),
    ...perDegree(joints),
    geom_bodyid: geoms.map(({ body }) => body),
    ...columns("geom_", geoms, ["pos", "quat", "size", "friction", "condim", "contype", "conaffinity", "priority"]),
    ...columns("geom_", geoms, ["margin", "gap", "solmix", "solref", "solimp"]),
    ...columns("actuator_", actuators, ["gear", "ctrlrange", "acc0"]),
  };
}

function columns<Key extends string>(
  prefix: string,
  rows: readonly Readonly<Record<Key, number | readonly number[]>>[],
  keys: readonly Key[],
): Record<string, number[]> {
  return Object.fromEntries(keys.map((key) => [`${prefix}${key}`, rows.flatMap((row) => row[key])]));
}

function perDegree(joints: ModelFacts["joints"]): Record<string, number[]> {
  const repeated = (key: "damping" | "armature" | "frictionloss") =>
    joints.flatMap((joint) => new Array<number>(DEGREES[joint.type] ?? 1).fill(joint[key]));
  return {
    dof_damping: repeated("damping"),
    dof_armature: repeated("armature"),
    dof_frictionloss: repeated("frictionloss"),
    dof_invweight0: joints.flatMap(({ dof_invweight0 }) => dof_invweight0),
    dof_M0: joints.flatMap(({ dof_M0 }) => dof_M0),
  };
}

function camelCase(name: string): string {
  return name.replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase());
}

/** Options as numbers; null, an absent bound, as infinite. */
function asNumbers(value: unknown): number[] {
  const entries: unknown[] = Array.isArray(value) ? value : [value];
  return entries.map((entry) => (entry === null ? Infinity : entry === undefined ? Number.NaN : Number(entry)));
}

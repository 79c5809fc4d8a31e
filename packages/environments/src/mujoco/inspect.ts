import { modelOf } from "./models/by-id.js";
import { loadMujoco } from "./module.js";

const COUNTS = ["nq", "nv", "nu", "na", "nbody", "njnt", "ngeom"] as const;
const ARRAYS = [
  "qpos0",
  "qpos_spring",
  "body_parentid",
  "body_pos",
  "body_quat",
  "body_mass",
  "body_ipos",
  "body_iquat",
  "body_inertia",
  "body_subtreemass",
  "body_invweight0",
  "jnt_bodyid",
  "jnt_pos",
  "jnt_axis",
  "jnt_range",
  "jnt_stiffness",
  "jnt_margin",
  "jnt_solref",
  "jnt_solimp",
  "dof_damping",
  "dof_armature",
  "dof_frictionloss",
  "dof_invweight0",
  "dof_M0",
  "geom_bodyid",
  "geom_pos",
  "geom_quat",
  "geom_size",
  "geom_friction",
  "geom_condim",
  "geom_contype",
  "geom_conaffinity",
  "geom_priority",
  "geom_margin",
  "geom_gap",
  "geom_solmix",
  "geom_solref",
  "geom_solimp",
  "actuator_gear",
  "actuator_ctrlrange",
  "actuator_acc0",
] as const;

/** Numbers of a compiled model by MuJoCo's names, arrays flattened. */
export interface ModelNumbers {
  readonly counts: Readonly<Record<(typeof COUNTS)[number], number>>;
  readonly arrays: Readonly<Record<(typeof ARRAYS)[number], readonly number[]>>;
  /** Seconds. */
  readonly timestep: number;
  /** Medium, as the fluid forces see it. */
  readonly density: number;
  readonly viscosity: number;
}

/** Compile the model of a MuJoCo environment and read its numbers. @throws ConfigError for an id without a model */
export async function inspectModel(id: string): Promise<ModelNumbers> {
  const xml = modelOf(id);
  const mujoco = await loadMujoco();
  const model = mujoco.MjModel.from_xml_string(xml);
  try {
    const array = (name: (typeof ARRAYS)[number]): readonly number[] => Array.from(model[name], Number);
    const { timestep, density, viscosity } = model.opt;
    return {
      counts: fromNames(COUNTS, (name) => model[name]),
      arrays: fromNames(ARRAYS, array),
      timestep,
      density,
      viscosity,
    };
  } finally {
    model.delete();
  }
}

function fromNames<Name extends string, T>(names: readonly Name[], read: (name: Name) => T): Record<Name, T> {
  const pairs = names.map((name): [Name, T] => [name, read(name)]);
  return Object.fromEntries(pairs) as Record<Name, T>;
}

import { DataError } from "@lowerbound/core";
import type { MainModule, MjData, MjModel } from "@mujoco/mujoco";
import { modelOf } from "../mujoco/models/by-id.js";
import { loadMujoco } from "../mujoco/module.js";
import type { Figure, Limb } from "./figure.js";

/** Tasks that move along the ground. */
const FROM_THE_TOP: readonly string[] = ["Reacher-v5", "Swimmer-v5"];
/** Tasks whose models have a floor that is stood on. */
const ON_THE_GROUND: readonly string[] = ["Ant-v5", "HalfCheetah-v5", "Hopper-v5", "Walker2d-v5"];

/** Poses of a MuJoCo task: the balls, capsules and cylinders of what moves in it. @throws ConfigError for an id without a model */
export async function mujocoFigure(id: string): Promise<Figure> {
  const xml = modelOf(id);
  const mujoco = await loadMujoco();
  const model = mujoco.MjModel.from_xml_string(xml);
  const data = new mujoco.MjData(model);
  const up = FROM_THE_TOP.includes(id) ? 1 : 2;
  return {
    view: up === 1 ? "top" : "side",
    ground: ON_THE_GROUND.includes(id) ? 0 : undefined,
    limbs: (qpos) => {
      checkPositions(id, qpos, model.nq);
      data.qpos.set(qpos);
      mujoco.mj_kinematics(model, data);
      return limbsOf(mujoco, model, data, up);
    },
    close: () => {
      data.delete();
      model.delete();
    },
  };
}

function checkPositions(where: string, qpos: ArrayLike<number>, size: number): void {
  if (qpos.length === size && Array.prototype.every.call(qpos, Number.isFinite)) return;
  throw new DataError(`${qpos.length} positions of a pose`, { where, expected: `${size} finite ones` });
}

function limbsOf(mujoco: MainModule, model: MjModel, data: MjData, up: 1 | 2): readonly Limb[] {
  const { mjGEOM_SPHERE, mjGEOM_CAPSULE, mjGEOM_CYLINDER } = mujoco.mjtGeom;
  const round = [mjGEOM_SPHERE.value, mjGEOM_CAPSULE.value, mjGEOM_CYLINDER.value];
  return Array.from({ length: model.ngeom }, (_, geom) => geom)
    .filter((geom) => model.geom_bodyid[geom] !== 0 && round.includes(model.geom_type[geom]))
    .map((geom) => {
      const [radius = 0, length = 0] = model.geom_size.slice(3 * geom, 3 * geom + 2);
      const half = model.geom_type[geom] === mjGEOM_SPHERE.value ? 0 : length;
      const at = (axis: number): number => data.geom_xpos[3 * geom + axis];
      // A capsule lies along its own third axis: the last column of its rotation matrix.
      const along = (axis: number): number => half * data.geom_xmat[9 * geom + 3 * axis + 2];
      const end = (sign: 1 | -1): [number, number] => [at(0) + sign * along(0), at(up) + sign * along(up)];
      return { from: end(-1), to: end(1), radius };
    });
}

import { ConfigError, DataError, NumericalError } from "@lowerbound/core";
import type { MainModule, MjData, MjModel } from "@mujoco/mujoco";

/** Arrays of the simulator's data that tasks read. */
export type DataField = "qpos" | "qvel" | "ctrl" | "qacc_warmstart" | "xpos" | "cfrc_ext";

/** One model and its data in this thread's MuJoCo. */
export interface Simulation {
  /** Configuration at rest. */
  readonly qpos0: Float64Array;
  /** Number of degrees of freedom. */
  readonly nv: number;
  /** Length of one simulation step, seconds. */
  readonly timestep: number;
  /** A live view; never keep it: it empties when the engine's memory grows. */
  view(field: DataField): Float64Array;
  /** Reset all data, set the state, run one forward pass. */
  resetTo(qpos: ArrayLike<number>, qvel: ArrayLike<number>): void;
  /** Set the control and run `steps` steps and the post-constraint pass. @throws NumericalError if the state exploded */
  step(control: ArrayLike<number>, steps: number): void;
  /** @throws ConfigError if no body has the name */
  bodyId(name: string): number;
  delete(): void;
}

/**
 * Compile a model and make its data.
 *
 * The engine puts an exploded state silently back to the start; here that throws. `delete` must be called once: memory
 * of the engine is not garbage collected.
 */
export function createSimulation(mujoco: MainModule, xml: string): Simulation {
  const model = mujoco.MjModel.from_xml_string(xml);
  const data = new mujoco.MjData(model);
  const view = cachedViews(data);
  let live = true;
  return {
    qpos0: Float64Array.from(model.qpos0),
    nv: model.nv,
    timestep: model.opt.timestep,
    view,
    resetTo(qpos, qvel) {
      mujoco.mj_resetData(model, data);
      write(view("qpos"), qpos, "qpos");
      write(view("qvel"), qvel, "qvel");
      mujoco.mj_forward(model, data);
    },
    step: (control, steps) => stepWith(mujoco, model, data, view, control, steps),
    bodyId(name) {
      const id = mujoco.mj_name2id(model, mujoco.mjtObj.mjOBJ_BODY.value, name);
      if (id < 0) throw new ConfigError(`the model has no body "${name}"`);
      return id;
    },
    delete() {
      if (!live) return;
      live = false;
      data.delete();
      model.delete();
    },
  };
}

/** Getters cost a call into the engine; a kept view is free until the memory grows and empties it. */
function cachedViews(data: MjData): (field: DataField) => Float64Array {
  const views = new Map<DataField, Float64Array>();
  return (field) => {
    const known = views.get(field);
    if (known !== undefined && known.length > 0) return known;
    const fresh: unknown = data[field];
    if (!(fresh instanceof Float64Array)) throw new DataError(`MuJoCo has no array ${field}`);
    views.set(field, fresh);
    return fresh;
  };
}

function write(view: Float64Array, values: ArrayLike<number>, name: string): void {
  if (values.length !== view.length) {
    throw new DataError(`state has ${values.length} entries`, { where: name, expected: `${view.length} entries` });
  }
  if (!Array.prototype.every.call(values, Number.isFinite)) {
    throw new DataError("state has an entry that is not finite", { where: name, expected: "finite numbers" });
  }
  view.set(values);
}

function stepWith(
  mujoco: MainModule,
  model: MjModel,
  data: MjData,
  view: (field: DataField) => Float64Array,
  control: ArrayLike<number>,
  steps: number,
): void {
  write(view("ctrl"), control, "control");
  // A reset by the engine sets its clock to 0, so a clock that ends before 1 tells of it; the dynamics ignore it.
  data.time = 1;
  for (let i = 0; i < steps; i++) mujoco.mj_step(model, data);
  mujoco.mj_rnePostConstraint(model, data);
  if (data.time >= 1) return;
  throw new NumericalError("the simulated state exploded and the engine reset it", {
    where: "MuJoCo",
    remedy: "check the actions and the state that was set",
  });
}

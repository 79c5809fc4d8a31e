import { DataError } from "@lowerbound/core";
import type { Figure } from "./figure.js";
import { mujocoFigure } from "./mujoco-figure.js";

/** Draws poses of the environment with that id. @throws ConfigError if its poses cannot be drawn */
export async function openFigure(id: string): Promise<Figure> {
  return id === "Pendulum-v1" ? pendulumFigure : await mujocoFigure(id);
}

const pendulumFigure: Figure = {
  view: "side",
  ground: undefined,
  limbs: ({ 0: theta }) => {
    if (theta === undefined || !Number.isFinite(theta)) {
      throw new DataError("a pose without an angle", { where: "Pendulum-v1", expected: "one finite position" });
    }
    return [{ from: [0, 0], to: [-Math.sin(theta), Math.cos(theta)], radius: 0.1 }];
  },
  close: () => {},
};

import { antTermination } from "./ant.js";
import { halfCheetahTermination } from "./half-cheetah.js";
import { hopperTermination } from "./hopper.js";
import { humanoidTermination } from "./humanoid.js";
import { invertedPendulumTermination } from "./inverted-pendulum.js";
import { neverTermination } from "./never.js";
import { penTermination } from "./pen.js";
import { taskTermination } from "./task.js";
import { walker2dTermination } from "./walker2d.js";

/** Every termination rule of this package. */
export const terminationComponents = [
  taskTermination,
  hopperTermination,
  walker2dTermination,
  halfCheetahTermination,
  antTermination,
  humanoidTermination,
  penTermination,
  invertedPendulumTermination,
  neverTermination,
] as const;

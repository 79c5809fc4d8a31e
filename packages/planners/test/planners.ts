// Every planner at a size that the line world needs.
import type { CreateContext, Planner } from "@lowerbound/core";
import { hillClimb } from "../../../examples/third-party/src/hill-climb.js";
import { beamSearchPlanner, cem, gradientPlanner, icem, mcts, mppi, randomShooting } from "../src/index.js";

export const ALONE: CreateContext = {
  inject: ({ name }) => {
    throw new Error(`there is no ${name} here`);
  },
  optional: () => undefined,
};

type Pessimism = Planner["pessimism"];
/** A planner with an option of how probabilities count; searches know `samples` besides. */
type Make = (pessimism: Pessimism) => Planner;

const horizon = 5;
export const make =
  <Config>(
    component: { config: { parse(given: unknown): Config }; create(config: Config, context: CreateContext): Planner },
    options: object,
  ): Make =>
  (pessimism) =>
    component.create(component.config.parse({ horizon, ...options, pessimism }), ALONE);

export const planners: Readonly<Record<string, Make>> = {
  "random-shooting": make(randomShooting, { population: 2000 }),
  cem: make(cem, { population: 100, iterations: 5 }),
  icem: make(icem, { population: 64, iterations: 4 }),
  mppi: make(mppi, { population: 128, iterations: 5 }),
  gradient: make(gradientPlanner, { starts: 8, steps: 20 }),
  "beam-search": make(beamSearchPlanner, { beamWidth: 32, samples: 8 }),
  mcts: make(mcts, { simulations: 500, leaves: 16 }),
};

/** A user's own, from another package. */
export const ownPlanner = make(hillClimb, {});

import type { Ladder } from "./ladder.js";
import { medium, mediumExpert, type Phase, replay } from "./phases.js";

/** How to make one dataset. */
export interface Recipe {
  readonly name: string;
  readonly summary: string;
  /** Component type of the environment. */
  readonly environment: string;
  readonly environmentId: string;
  /** Where Gymnasium finds the environment's class. */
  readonly entryPoint: string;
  /** Name of the shipped policies. */
  readonly task: string;
  /** Transitions where the user asks for no other number. */
  readonly transitions: number;
  phases(ladder: Ladder): readonly Phase[];
}

const hopper = {
  environment: "hopper",
  environmentId: "Hopper-v5",
  entryPoint: "gymnasium.envs.mujoco.hopper_v5:HopperEnv",
  task: "hopper",
};
const halfCheetah = {
  environment: "half-cheetah",
  environmentId: "HalfCheetah-v5",
  entryPoint: "gymnasium.envs.mujoco.half_cheetah_v5:HalfCheetahEnv",
  task: "halfcheetah",
};

const kinds = {
  "medium-replay": { summary: "all that SAC sees on its way to a medium policy", phases: replay },
  medium: { summary: "rollouts of a medium SAC policy", phases: medium },
  "medium-expert": { summary: "rollouts of a medium and of an expert SAC policy, half each", phases: mediumExpert },
} as const;

function recipe(task: typeof hopper, kind: keyof typeof kinds, transitions: number): Recipe {
  const { summary, phases } = kinds[kind];
  return { ...task, name: `${task.task}-${kind}`, summary: `${task.environmentId}: ${summary}`, transitions, phases };
}

/** Every dataset that can be made here. */
export const recipes: readonly Recipe[] = [
  recipe(hopper, "medium-replay", 120_000),
  recipe(hopper, "medium", 150_000),
  recipe(hopper, "medium-expert", 150_000),
  recipe(halfCheetah, "medium-replay", 100_000),
  recipe(halfCheetah, "medium", 100_000),
  recipe(halfCheetah, "medium-expert", 100_000),
];

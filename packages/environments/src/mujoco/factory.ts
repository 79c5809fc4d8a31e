import { type SimulatedEnvironment, withEpisodes } from "../episodes.js";
import type { EnvironmentRecipe, SimulatedFactory } from "../factory.js";
import { createMujocoTask, type MujocoTask } from "./task.js";

/** Environments of one MuJoCo task, in the thread that asks for them. */
export function mujocoFactory(task: MujocoTask, timeLimit: number, recipe: EnvironmentRecipe): SimulatedFactory {
  return {
    id: task.id,
    recipe,
    create: async (): Promise<SimulatedEnvironment> => withEpisodes(await createMujocoTask(task), timeLimit),
  };
}

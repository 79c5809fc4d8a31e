import { dirname, join, resolve } from "node:path";
import { type CheckpointFolder, checkpointFolder } from "./checkpoint-folder.js";
import { namesIn } from "./files.js";
import { type FittedFolder, fittedFolder } from "./fitted-store.js";

/** The checkpoints of a run's phases and the fitted parts beside it. */
export interface RunFiles {
  checkpoints(phase: string): CheckpointFolder;
  fitted(phase: string, address: string): FittedFolder;
  /** Each phase's last step that a checkpoint vouches for; cleans up after killed writers. @throws FileError */
  validSteps(pointers: Readonly<Record<string, string>>): Promise<ReadonlyMap<string, number>>;
}

export function runFiles(directory: string, note: (message: string) => void): RunFiles {
  const folders = new Map<string, CheckpointFolder>();
  const root = join(directory, "checkpoints");
  const checkpoints = (phase: string): CheckpointFolder => {
    const folder = folders.get(phase) ?? checkpointFolder(join(root, phase), note);
    folders.set(phase, folder);
    return folder;
  };
  const store = join(dirname(resolve(directory)), "fitted");
  const fitted = (phase: string, address: string) => fittedFolder(store, { phase, address }, note);
  return {
    checkpoints,
    fitted,
    validSteps: async (pointers) => {
      const steps = new Map<string, number>();
      for (const phase of await namesIn(root)) {
        const latest = await checkpoints(phase).clean();
        if (latest !== undefined) steps.set(phase, latest.step);
      }
      for (const [phase, address] of Object.entries(pointers)) {
        const step = await validStep(fitted(phase, address));
        if (step !== undefined) steps.set(phase, step);
      }
      return steps;
    },
  };
}

/** All rows of a finished fit are valid. */
async function validStep(folder: FittedFolder): Promise<number | undefined> {
  if ((await folder.read()) !== undefined) return Number.MAX_SAFE_INTEGER;
  return (await folder.checkpoints.latest())?.step;
}

import { defineComponent, Logger, RunStore } from "@lowerbound/core";
import { z } from "zod";
import { directoryRun } from "./directory-run.js";

/**
 * A folder a run: `config.json`, `checkpoints/`, figures, `notes.log`, `result.json`; fitted parts lie in `fitted/`
 * beside it, shared by the runs there.
 *
 * Killed at any instant and started again with the same command, a run ends with the same bytes as one that was not.
 */
export const directory = defineComponent({
  kind: RunStore,
  type: "directory",
  summary: "a folder with configuration, checkpoints, figures and result",
  config: z.object({}),
  requires: [Logger],
  create: (_, { inject }) => {
    const logger = inject(Logger);
    return { create: async (options) => directoryRun(options, logger) };
  },
});

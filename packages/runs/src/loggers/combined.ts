import { defineComponent, Logger, type LogSink, slot } from "@lowerbound/core";
import { z } from "zod";
import { openCsv } from "./csv.js";
import { openJsonl } from "./jsonl.js";
import { openTensorboard } from "./tensorboard.js";

/** `metrics.jsonl`, `metrics.csv` and TensorBoard together. */
export const standard = defineComponent({
  kind: Logger,
  type: "standard",
  summary: "metrics.jsonl, metrics.csv and TensorBoard event files",
  config: z.object({}),
  create: () => combine([{ open: openJsonl }, { open: openCsv }, { open: openTensorboard }]),
});

/** Several loggers at once: a user's own beside the standard one. */
export const combined = defineComponent({
  kind: Logger,
  type: "combined",
  summary: "several loggers at once",
  config: z.object({ loggers: z.array(slot(Logger)).min(1).describe("the loggers; each gets every row") }),
  create: ({ loggers }) => combine(loggers),
});

/** No record of figures. */
export const none = defineComponent({
  kind: Logger,
  type: "none",
  summary: "keeps no figures",
  config: z.object({}),
  create: () => combine([]),
});

function combine(loggers: readonly Logger[]): Logger {
  return {
    open: async (directory, resumeAfter) => {
      const sinks: LogSink[] = [];
      try {
        for (const logger of loggers) sinks.push(await logger.open(directory, resumeAfter));
      } catch (error) {
        for (const sink of sinks) await sink.close();
        throw error;
      }
      return {
        write: (row) => {
          for (const sink of sinks) sink.write(row);
        },
        flush: async () => void (await Promise.all(sinks.map((sink) => sink.flush()))),
        close: async () => void (await Promise.all(sinks.map((sink) => sink.close()))),
      };
    },
  };
}

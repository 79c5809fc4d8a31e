import { z } from "zod";
import type { SavedRun } from "./run-command.js";

const Reader = z.looseObject({ type: z.string(), of: z.unknown().optional() });

/** The run's configuration, another log of the same layout in place of its data. */
export function withLog({ config }: SavedRun, file: string | undefined): Readonly<Record<string, unknown>> {
  if (file === undefined) return config;
  return { ...config, dataset: { ...readerOf(config.dataset), path: file } };
}

/** The run's configuration, the whole log in place of a share of it. */
export const withWholeLog = ({ config }: SavedRun): Readonly<Record<string, unknown>> => ({
  ...config,
  dataset: readerOf(config.dataset),
});

/** The part that reads a file: of a dataset that is made of another one, such as a share, the innermost. */
function readerOf(dataset: unknown): z.output<typeof Reader> {
  const part = Reader.parse(dataset);
  return part.of === undefined ? part : readerOf(part.of);
}

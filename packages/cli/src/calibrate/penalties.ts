import {
  type AnyComponent,
  ConfigError,
  createUntypedPipeline,
  type HostTensors,
  UncertaintyPenalty,
} from "@lowerbound/core";
import { readFitted } from "@lowerbound/runs";
import { z } from "zod";
import type { SavedRun } from "../run-command.js";

/** A component as a saved configuration names it. */
export const Part = z.looseObject({ type: z.string() });

/** A penalty to measure, and whose it is. */
export interface NamedPenalty {
  readonly type: string;
  readonly penalty: UncertaintyPenalty;
  /** Undefined where it has a fit that this run did not make. */
  readonly tensors: HostTensors | undefined;
  readonly dispose: () => Promise<void>;
}

/** The run's own penalty, then the others with their defaults. @throws ConfigError naming the nearest type */
export async function penaltiesOf(
  directory: string,
  { config }: SavedRun,
  { penalties }: { readonly penalties: readonly string[] },
  components: readonly AnyComponent[],
): Promise<readonly NamedPenalty[]> {
  const own = Part.optional().parse(config.penalty);
  const made = (options: { readonly type: string }) => {
    const pipeline = createUntypedPipeline(components, { ...config, penalty: options });
    return { type: options.type, penalty: pipeline.get(UncertaintyPenalty), dispose: pipeline.dispose };
  };
  const first = own === undefined ? [] : [made(own)];
  const others = penalties.map((type) => made({ type }));
  if (first.length + others.length === 0) {
    throw new ConfigError("the run has no penalty", {
      where: "--penalty",
      remedy: "name one: --penalty max-aleatoric",
    });
  }
  const fitted = (await readFitted(directory, UncertaintyPenalty.name))?.tensors;
  return [
    ...first.map((each) => ({ ...each, tensors: each.penalty.fit === undefined ? {} : fitted })),
    ...others.map((each) => ({ ...each, tensors: each.penalty.fit === undefined ? {} : undefined })),
  ];
}

import { type Dimensions, type HostTensors, Optimiser } from "@lowerbound/core";
import type { OpenedRun, SavedPolicy } from "./saved-run.js";

/** Names of the tensors that a run's policy acts by; undefined where no optimiser tells them from the rest. */
export function actingNames({ pipeline }: OpenedRun, dimensions: Dimensions): readonly string[] | undefined {
  return pipeline.has(Optimiser) ? Object.keys(pipeline.get(Optimiser).policy.state(dimensions)) : undefined;
}

/** Names that are kept before others that hold the same policy. */
const FIRST: readonly string[] = ["last", "best"];

/**
 * A run's policies, each once: "last" before "best" before the others, without those that act by the same tensors as one
 * before them. Candidates that are one policy would be counted as several that an estimate ranks alike.
 */
export function distinctPolicies(policies: readonly SavedPolicy[], acting?: readonly string[]): readonly SavedPolicy[] {
  const rank = ({ name }: SavedPolicy): number => (FIRST.includes(name) ? FIRST.indexOf(name) : FIRST.length);
  const kept: SavedPolicy[] = [];
  for (const each of [...policies].sort((a, b) => rank(a) - rank(b))) {
    const own = actingOf(each, acting);
    if (!kept.some((before) => areEqual(actingOf(before, acting), own))) kept.push(each);
  }
  return kept;
}

/** Of a policy that keeps none of the names, all. */
function actingOf({ tensors }: SavedPolicy, acting: readonly string[] = []): HostTensors {
  const own = Object.entries(tensors).filter(([name]) => acting.includes(name));
  return own.length === 0 ? tensors : Object.fromEntries(own);
}

function areEqual(a: HostTensors, b: HostTensors): boolean {
  const names = Object.keys(a);
  return (
    names.length === Object.keys(b).length &&
    names.every((name) => {
      const [one, other] = [a[name]!, b[name]];
      return (
        other !== undefined && one.data.length === other.data.length && one.data.every((x, i) => x === other.data[i])
      );
    })
  );
}

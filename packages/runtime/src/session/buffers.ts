import {
  type HostTensor,
  type Specs,
  type TensorSpec,
  type TensorState,
  type TypedArray,
  zeros,
} from "@lowerbound/core";

export type Results = Readonly<Record<string, HostTensor>>;
type Read = ReadonlySet<TypedArray>;
/** Where to write one output of a run of this state. */
type Choice = (state: TensorState, read: Read) => HostTensor;

/** Chooses where a run writes its outputs: never into an array that it reads, nor into what another state holds. */
export function outputBuffers(outputs: Specs, state: Specs): (current: TensorState, read: Read) => Results {
  const choices = Object.entries(outputs).map(
    ([name, spec]) => [name, name in state ? updates(name, spec) : results(spec)] as const,
  );
  return (current, read) => {
    const chosen: Record<string, HostTensor> = {};
    for (const [name, choose] of choices) chosen[name] = choose(current, read);
    return chosen;
  };
}

function results(spec: TensorSpec): Choice {
  const buffers: HostTensor[] = [];
  return (_, read) => unread(buffers, spec, read);
}

function unread(buffers: HostTensor[], spec: TensorSpec, read: Read, replaced?: TypedArray): HostTensor {
  for (const buffer of buffers) if (buffer.data !== replaced && !read.has(buffer.data)) return buffer;
  const made = zeros(spec);
  buffers.push(made);
  return made;
}

/** What one state's tensor is written into in turn; two, unless a run reads an earlier one. */
interface Line {
  readonly buffers: HostTensor[];
  latest: TypedArray | undefined;
  owner: TensorState | undefined;
}

const begun = (): Line => ({ buffers: [], latest: undefined, owner: undefined });

/** Each state has a line of its own, which goes with the latest array where callers rebuild the `Map` for each run. */
function updates(name: string, spec: TensorSpec): Choice {
  const byArray = new WeakMap<TypedArray, Line>();
  const byState = new WeakMap<TensorState, Line>();
  const lineOf = (state: TensorState, replaced: TypedArray | undefined): Line => {
    const continued = replaced && byArray.get(replaced);
    if (continued !== undefined && continued.latest === replaced) return continued;
    const own = byState.get(state);
    // Another program has updated this state in between, or the caller.
    if (own?.owner === state && continued !== own) return own;
    return begun();
  };
  let last = begun();
  return (state, read) => {
    const replaced = state.get(name)?.data;
    const usual = last.owner === state && last.latest === replaced;
    const line = usual ? last : lineOf(state, replaced);
    const buffer = unread(line.buffers, spec, read, replaced);
    if (!byArray.has(buffer.data)) byArray.set(buffer.data, line);
    if (!usual) byState.set(state, line);
    line.latest = buffer.data;
    line.owner = state;
    last = line;
    return buffer;
  };
}

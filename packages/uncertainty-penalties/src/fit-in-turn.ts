import { type Checkpoint, type FitContext, type Fitted, type HostTensors, scoped, unscoped } from "@lowerbound/core";
import { z } from "zod";

type Fit = (context: FitContext) => Promise<Fitted>;

const json = z.json();
const positionSchema = z.object({
  part: z.number(),
  inner: z.object({ step: z.number(), data: z.record(z.string(), json) }).nullable(),
  facts: z.array(z.record(z.string(), json).nullable()),
});
type Position = z.output<typeof positionSchema>;

interface Progress {
  readonly position: Position;
  /** Tensors of the parts that are done, under `done/N`, and of the present one's checkpoint, under `inner`. */
  readonly tensors: HostTensors;
}

/**
 * Run fit phases one after another inside one phase of a run; each goes on from its own checkpoint.
 *
 * A part without a fit gives undefined. Every part has a random stream of its own.
 */
export async function fitInTurn(
  fits: readonly (Fit | undefined)[],
  context: FitContext,
): Promise<readonly (Fitted | undefined)[]> {
  const { run, random } = context;
  const saved = await run.latest();
  const start: Progress =
    saved === undefined
      ? { position: { part: 0, inner: null, facts: [] }, tensors: {} }
      : { position: positionSchema.parse(saved.data), tensors: saved.tensors };
  const results: (Fitted | undefined)[] = start.position.facts.map((facts, part) =>
    facts === null ? undefined : { facts, tensors: unscoped(`done/${part}`, start.tensors) },
  );
  for (let part = results.length; part < fits.length; part++) {
    const resumed = part === start.position.part ? innerCheckpoint(start) : undefined;
    const handle = { ...run, ...innerHandle(context, results, resumed) };
    results.push(await fits[part]?.({ ...context, random: random.stream(`${part}`), run: handle }));
  }
  return results;
}

function innerCheckpoint({ position, tensors }: Progress): Checkpoint | undefined {
  return position.inner === null ? undefined : { ...position.inner, tensors: unscoped("inner", tensors) };
}

/** A part's own window on the run: its checkpoints carry what the parts before it came to. */
function innerHandle(
  { run }: FitContext,
  results: readonly (Fitted | undefined)[],
  resumed: Checkpoint | undefined,
): Pick<FitContext["run"], "signal" | "latest" | "checkpoint"> {
  const done = results.map((result, part) => scoped(`done/${part}`, result?.tensors ?? {}));
  const facts = results.map((result) => result?.facts ?? null);
  let latest = resumed;
  return {
    signal: run.signal,
    latest: async () => latest,
    checkpoint: async (inner) => {
      latest = inner;
      const position = { part: results.length, inner: { step: inner.step, data: inner.data }, facts };
      const tensors = { ...Object.assign({}, ...done), ...scoped("inner", inner.tensors) };
      // Steps of the whole grow from part to part, so that the newest checkpoint is the furthest.
      await run.checkpoint({ step: results.length * PART + inner.step, tensors, data: position });
    },
  };
}

const PART = 1_000_000_000;

// A run with a made-up fit and a made-up training: argv[2] is its directory. Prints a line once it is under way.
import {
  createPipeline,
  type HostTensors,
  hostFloat32,
  type Json,
  Random,
  type RunHandle,
  RunStore,
} from "@lowerbound/core";
import { directory, onInterrupt, standard } from "../../src/index.js";

const [, , path = "", steps = "300"] = process.argv;

/** Adds noise to a vector, step by step, with a checkpoint every fifth. */
async function walk(handle: RunHandle, last: number): Promise<HostTensors> {
  const found = await handle.latest();
  const random = found === undefined ? Random.fromSeed(1) : Random.fromState(found.data.random as never);
  const values = Float32Array.from(found?.tensors.values?.data ?? new Float32Array(500));
  for (let step = (found?.step ?? 0) + 1; step <= last; step++) {
    const noise = random.normal(new Float32Array(values.length));
    for (let i = 0; i < values.length; i++) values[i]! += noise[i]!;
    handle.log(step, { mean: values.reduce((a, b) => a + b) / values.length });
    if (handle.signal.aborted || step % 5 === 0) {
      const data = { random: random.state() as unknown as Json };
      await handle.checkpoint({ step, tensors: { values: hostFloat32(values, values.length) }, data });
    }
    handle.signal.throwIfAborted();
    if (step % 50 === 0)
      await handle.keep("best", { step, tensors: { values: hostFloat32(values, values.length) }, data: {} });
  }
  return { values: hostFloat32(values, values.length) };
}

const interrupt = onInterrupt(`fake-run ${path}`);
const run = await createPipeline([directory, standard], {})
  .get(RunStore)
  .create({ directory: path, signal: interrupt.signal });
try {
  await run.open({ steps });
  process.stdout.write("open\n");
  const fitted = await run.fitted("dynamics", "0123456789abcdef0123", async (handle) => ({
    tensors: await walk(handle, 60),
    facts: { losses: [1, 2] },
  }));
  const tensors = await walk(run.phase("train"), Number(steps));
  await run.phase("train").keep("last", { step: 0, tensors, data: {} });
  await run.finish({ first: fitted.tensors.values!.data[0]!, last: tensors.values!.data[0]! });
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : error}\n`);
  process.exitCode = error === interrupt.signal.reason ? 130 : 1;
} finally {
  await run.close();
  interrupt.restore();
}

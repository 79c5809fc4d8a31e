import { fittedState, type RolloutParts, rolloutProgram } from "@lowerbound/actor-critic";
import { drawNoise, type Engine, type HostTensors, Random } from "@lowerbound/core";

/** One imagined step of all rows, as often as asked. */
export interface TimedRollout {
  /** Milliseconds of each step so far. */
  readonly times: readonly number[];
  step(): Promise<void>;
  dispose(): Promise<void>;
}

/** Policy, model and penalty as one program, from observations [rows, observation]; what a step draws is drawn outside its time. */
export async function timedRollout(
  engine: Engine,
  parts: RolloutParts,
  { policy, observations }: { readonly policy: HostTensors; readonly observations: Float32Array },
): Promise<TimedRollout> {
  const rows = observations.length / parts.dimensions.observation;
  const program = await engine.compile(rolloutProgram(parts, { rows }));
  const state = new Map(Object.entries({ ...fittedState(parts), ...policy }));
  const random = Random.fromSeed(5);
  const times: number[] = [];
  return {
    times,
    step: async () => {
      const inputs = { ...drawNoise(random, program.program.noise), observation: observations };
      const started = performance.now();
      await program.run(state, inputs);
      times.push(performance.now() - started);
    },
    dispose: () => program.dispose(),
  };
}

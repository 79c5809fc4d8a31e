import {
  type ReplayRows,
  type RolloutParts,
  rollOut,
  rolloutProgram,
  sacOptions,
  sacPolicy,
} from "@lowerbound/actor-critic";
import { type CreateContext, type Engine, type HostTensors, scoped, type Termination } from "@lowerbound/core";
import { createEnsemble, ensembleOptions } from "@lowerbound/dynamics-ensemble";
import { hopperTermination, neverTermination, terminationFor } from "@lowerbound/environments";
import { penalisedReward } from "@lowerbound/mopo";
import { checkAll, type Fixture, type FixtureCheck } from "@lowerbound/testing";
import { z } from "zod";
import { floats, host, integers } from "./compute.js";
import { ensembleParameters } from "./ensemble-layout.js";
import { publicPenalties, takeMembers } from "./penalties.js";
import { ringBufferSubject } from "./ring-buffer.js";
import { flatActor } from "./sac-layout.js";

const count = z.number().int().positive();
const schema = z.looseObject({
  observation_size: count,
  action_size: count,
  actor_hidden_sizes: z.array(count),
  members: count,
  penalty_coefficient: z.number(),
  uncertainty: z.enum(["aleatoric", "pairwise-diff", "ensemble_std"]),
  batch_size: count,
  rollout_length: count,
  termination: z.string(),
  max_action: z.number().default(1),
});

const ALONE: CreateContext = {
  inject: ({ name }) => {
    throw new Error(`there is no ${name} here`);
  },
  optional: () => undefined,
};

/** Public code's rule of that name: Hopper's has a misplaced absolute value. */
function ruleOf(name: string): Termination {
  if (name === "none") return neverTermination.create({}, ALONE);
  return name === "hopper" ? hopperTermination.create({ publicRule: true }, ALONE) : terminationFor(name);
}

/** Imagined rollouts with given noise, or the ring buffer, whichever the golden file holds. */
export async function mopoRolloutSubject(fixture: Fixture, engine: Engine): Promise<readonly FixtureCheck[]> {
  return fixture.tensors.has("in.initial_obs") ? rolloutSubject(fixture, engine) : ringBufferSubject(fixture);
}

async function rolloutSubject(fixture: Fixture, engine: Engine): Promise<readonly FixtureCheck[]> {
  const h = schema.parse(fixture.hyperparameters);
  const parts = partsOf(fixture);
  const rows = h.batch_size;
  const program = await engine.compile(rolloutProgram(parts, { rows }));
  const actor = flatActor(fixture, "params.actor.", parts.dimensions, h.actor_hidden_sizes);
  const steps: StepRecord[] = [];
  const figures = await rollOut({
    program,
    state: new Map(Object.entries({ actor, ...scoped("dynamics", parts.dynamicsTensors) })),
    rows,
    starts: floats(fixture, "in.initial_obs"),
    rolloutLength: h.rollout_length,
    draw: (step) => goldenNoise(fixture, step, rows),
    store: (block, outputs) => steps.push(recordOf(block, outputs)),
  });
  await program.dispose();
  return checkAll(fixture, {
    ...Object.assign({}, ...steps.map(stepResults)),
    ...totals(steps),
    "out.rollout.count": [figures.transitions],
    "out.rollout.reward_mean": [figures.reward / figures.transitions],
    "out.rollout.steps_run": [figures.steps],
  });
}

function partsOf(fixture: Fixture): RolloutParts {
  const h = schema.parse(fixture.hyperparameters);
  const options = sacOptions.parse({ hiddenSizes: h.actor_hidden_sizes, maximumAction: h.max_action });
  const flat = (name: string): HostTensors[string] => {
    const { data } = host(fixture.tensor(name));
    return { dtype: "float32", shape: [data.length], data };
  };
  return {
    dimensions: { observation: h.observation_size, action: h.action_size },
    dynamics: createEnsemble(ensembleOptions.parse({ members: h.members, elites: 1 })),
    dynamicsTensors: {
      ...ensembleParameters(fixture, "params.dynamics."),
      inputMean: flat("params.scaler.mean"),
      inputStd: flat("params.scaler.std"),
      elites: host(fixture.tensor("params.elites")),
    },
    penalty: publicPenalties[h.uncertainty],
    penaltyTensors: {},
    termination: ruleOf(h.termination),
    optimiser: { policy: sacPolicy(options) },
    hooks: penalisedReward(h.penalty_coefficient),
  };
}

/** A step's golden noise, filled up with zeros to the rows that the program takes. */
function goldenNoise(fixture: Fixture, step: number, rows: number) {
  const member = integers(fixture, `in.step${step}.member`);
  const action = floats(fixture, `noise.step${step}.action`);
  const sample = takeMembers(fixture, `noise.step${step}.dynamics`, member);
  const filled = (data: Float32Array): Float32Array => {
    const all = new Float32Array((data.length / member.length) * rows);
    all.set(data);
    return all;
  };
  const members = new Int32Array(rows);
  members.set(member);
  return { "policy/action": filled(action), "dynamics/sample": filled(sample), "dynamics/member": members };
}

interface StepRecord {
  readonly obs: Float32Array;
  readonly action: Float32Array;
  readonly next_obs: Float32Array;
  readonly raw_reward: Float32Array;
  readonly reward: Float32Array;
  readonly penalty: Float32Array;
  readonly terminal: Float32Array;
}

function recordOf(block: ReplayRows, outputs: HostTensors): StepRecord {
  const take = (data: ArrayLike<number>, width: number): Float32Array =>
    Float32Array.from(data).slice(0, block.count * width);
  return {
    obs: take(block.observations, block.observation),
    action: take(block.actions, block.action),
    next_obs: take(block.nextObservations, block.observation),
    raw_reward: take(outputs.modelReward!.data, 1),
    reward: take(block.rewards, 1),
    penalty: take(outputs.penalty!.data, 1),
    terminal: take(block.terminations, 1),
  };
}

const stepResults = (record: StepRecord, step: number): Record<string, Float32Array> =>
  Object.fromEntries(Object.entries(record).map(([name, data]) => [`out.step${step}.${name}`, data]));

function totals(steps: readonly StepRecord[]): Record<string, number[]> {
  const all = (name: keyof StepRecord): number[] => steps.flatMap((step) => [...step[name]]);
  return {
    "out.rollout.obss": all("obs"),
    "out.rollout.actions": all("action"),
    "out.rollout.next_obss": all("next_obs"),
    "out.rollout.rewards": all("reward"),
    "out.rollout.terminals": all("terminal"),
  };
}

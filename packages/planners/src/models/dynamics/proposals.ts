import {
  drawNoise,
  float32,
  type Proposal,
  type ProposalCall,
  type ProposalModel,
  type Random,
  type SeamOptions,
  scoped,
  type TensorProgram,
  unscoped,
} from "@lowerbound/core";
import * as tf from "@tensorflow/tfjs";
import { evenActions, evenLogProbability } from "../../box.js";
import { join } from "../../join.js";
import { blocksOf, paddedRows } from "../blocks.js";
import { checkObservation } from "../groups.js";
import type { DynamicsHost } from "./host.js";
import { imagineStep } from "./imagine.js";
import { noiseOfCalls } from "./noise-of-calls.js";
import { batchAxes, type DynamicsParts, partSpecs, stepNoise } from "./parts.js";

type Box = Pick<ProposalModel, "actionSize" | "low" | "high">;

/** A node is the observation it stands at. */
type Node = Float32Array;

/** Continuations in a learnt model: actions of the prior, or drawn evenly from the box where there is none. */
export function dynamicsProposals(host: DynamicsHost, box: Box, { pessimism }: SeamOptions): ProposalModel<Node> {
  const { dimensions } = host.parts;
  const penalised = pessimism === "penalty";
  const ask = (calls: readonly ProposalCall<Node>[]) => host.serial(() => together(host, calls, { penalised, box }));
  const separable = Object.values(batchAxes(host.parts)).every((axis) => axis >= 0);
  return {
    ...box,
    pessimism,
    root: ({ observation }) => {
      checkObservation(observation, dimensions.observation);
      return observation;
    },
    expand: async (nodes, k, random) => (await ask([{ nodes, k, actions: NONE, random }]))[0]!,
    advance: async (nodes, actions, random) => (await ask([{ nodes, k: 0, actions, random }]))[0]!.flat(),
    // Random numbers that all rows of a step share would make calls depend on each other.
    ...(separable ? { together: ask } : {}),
  };
}

const NONE = new Float32Array(0);

interface StepOptions {
  readonly penalised: boolean;
  readonly box: Box;
}

/** Steps that one search asks for. */
interface AskedSteps {
  /** [rows, observation], [rows, action] */
  readonly observations: Float32Array;
  readonly actions: Float32Array;
  readonly random: Random;
}

/** Answers to calls [calls][nodes][k]. */
async function together(
  host: DynamicsHost,
  calls: readonly ProposalCall<Node>[],
  options: StepOptions,
): Promise<readonly (readonly (readonly Proposal<Node>[])[])[]> {
  const asked: AskedSteps[] = [];
  for (const { nodes, k, actions, random } of calls) {
    const repeated = k === 0 ? nodes : nodes.flatMap((node) => Array.from({ length: k }, () => node));
    const observations = join(repeated);
    const drawn = async () =>
      (await host.prior?.sample(observations, random)) ?? evenActions(options.box, repeated.length, random);
    const taken = k === 0 ? actions : await drawn();
    asked.push({ observations, actions: taken, random });
  }
  const flat = await step(host, asked, options);
  let at = 0;
  return calls.map(({ nodes, k }) =>
    nodes.map(() => {
      const from = at;
      at += Math.max(k, 1);
      return flat.slice(from, at);
    }),
  );
}

async function step(
  host: DynamicsHost,
  asked: readonly AskedSteps[],
  { penalised, box }: StepOptions,
): Promise<readonly Proposal<Node>[]> {
  const { parts, prior, rolloutRows } = host;
  const { observation, action } = parts.dimensions;
  const observations = join(asked.map((each) => each.observations));
  const actions = join(asked.map((each) => each.actions));
  const count = actions.length / action;
  const logs =
    (await prior?.logProbability(observations, actions)) ?? new Float32Array(count).fill(evenLogProbability(box));
  const noise = noiseOf(asked, host);
  const proposals: Proposal<Node>[] = [];
  let from = 0;
  for (const rows of blocksOf(count, rolloutRows)) {
    const make = () => stepProgram(parts, rows, penalised);
    const program = await host.program(`step ${penalised} ${rows}`, make);
    const found = await program.run(host.state, {
      ...scoped("noise", noise(from, rows)),
      observation: paddedRows(observations, observation, from, rows),
      action: paddedRows(actions, action, from, rows),
    });
    const next = Float32Array.from(found.nextObservation!.data);
    for (let row = 0; row < Math.min(rows, count - from); row++) {
      proposals.push({
        action: actions.slice((from + row) * action, (from + row + 1) * action),
        logProbability: logs[from + row]!,
        reward: found.reward!.data[row]!,
        terminated: found.ended!.data[row] === 1,
        node: next.slice(row * observation, (row + 1) * observation),
      });
    }
    from += rows;
  }
  return proposals;
}

/** Noise of rows [from, from + rows) of all that is asked. */
function noiseOf(asked: readonly AskedSteps[], { parts, rolloutRows }: DynamicsHost) {
  const specOf = (rows: number) => stepNoise(parts, rows);
  const [only, ...others] = asked;
  if (others.length === 0) return (_: number, rows: number) => drawNoise(only!.random, specOf(rows));
  const calls = asked.map(({ actions, random }) => ({ rows: actions.length / parts.dimensions.action, random }));
  return noiseOfCalls(calls, { specOf, axes: batchAxes(parts), largest: rolloutRows });
}

/** One step: `observation` [rows, observation], `action` [rows, action] -> `nextObservation`, `reward`, `ended` [rows, 1]. */
function stepProgram(parts: DynamicsParts, rows: number, penalised: boolean): TensorProgram {
  const { dimensions } = parts;
  return {
    name: "plan-step",
    state: partSpecs(parts),
    inputs: { observation: float32(rows, dimensions.observation), action: float32(rows, dimensions.action) },
    noise: scoped("noise", stepNoise(parts, rows)),
    fn: (tensors) => {
      const [observation, action] = [tensors.observation!, tensors.action!];
      const noise = unscoped("noise", tensors);
      const { ended, ...rest } = imagineStep(parts, { observation, action, tensors, noise, penalised });
      return { ...rest, ended: tf.cast(ended, "float32") };
    },
  };
}

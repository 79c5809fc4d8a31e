import {
  drawNoise,
  float32,
  type Proposal,
  type ProposalModel,
  type Random,
  type SeamOptions,
  scoped,
  type TensorProgram,
  unscoped,
} from "@lowerbound/core";
import * as tf from "@tensorflow/tfjs";
import { evenActions, evenLogProbability } from "../../box.js";
import { continueEach } from "../../continue-each.js";
import { join } from "../../join.js";
import { blocksOf, paddedRows } from "../blocks.js";
import { checkObservation } from "../groups.js";
import type { DynamicsHost } from "./host.js";
import { imagineStep } from "./imagine.js";
import { type DynamicsParts, partSpecs, stepNoise } from "./parts.js";

type Box = Pick<ProposalModel, "actionSize" | "low" | "high">;

/** A node is the observation it stands at. */
type Node = Float32Array;

/** Continuations in a learnt model: actions of the prior, or drawn evenly from the box where there is none. */
export function dynamicsProposals(host: DynamicsHost, box: Box, { pessimism }: SeamOptions): ProposalModel<Node> {
  const { dimensions } = host.parts;
  const penalised = pessimism === "penalty";
  const advance = (nodes: readonly Node[], actions: Float32Array, random: Random) =>
    host.serial(() => step(host, join(nodes), actions, { random, penalised, box }));
  return {
    ...box,
    pessimism,
    root: ({ observation }) => {
      checkObservation(observation, dimensions.observation);
      return observation;
    },
    expand: (nodes, k, random) =>
      continueEach(nodes, k, async (repeated) => {
        const at = join(repeated);
        const actions = await host.serial(
          async () => (await host.prior?.sample(at, random)) ?? evenActions(box, repeated.length, random),
        );
        return advance(repeated, actions, random);
      }),
    advance,
  };
}

interface StepOptions {
  readonly random: Random;
  readonly penalised: boolean;
  readonly box: Box;
}

async function step(
  host: DynamicsHost,
  observations: Float32Array,
  actions: Float32Array,
  { random, penalised, box }: StepOptions,
): Promise<readonly Proposal<Node>[]> {
  const { observation, action } = host.parts.dimensions;
  const count = actions.length / action;
  const logs =
    (await host.prior?.logProbability(observations, actions)) ?? new Float32Array(count).fill(evenLogProbability(box));
  const proposals: Proposal<Node>[] = [];
  let from = 0;
  for (const rows of blocksOf(count, host.rolloutRows)) {
    const make = () => stepProgram(host.parts, rows, penalised);
    const program = await host.program(`step ${penalised} ${rows}`, make);
    const found = await program.run(host.state, {
      ...drawNoise(random, program.program.noise),
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

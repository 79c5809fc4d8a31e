import {
  type ActionBox,
  CapabilityError,
  type HostTensors,
  type Params,
  type Policy,
  type Random,
} from "@lowerbound/core";
import type { Tensor } from "@tensorflow/tfjs";
import { clipActions } from "../../box.js";
import { blocksOf, paddedRows } from "../blocks.js";

/** P_beta(action | observation) of a cloned policy. */
export interface Prior {
  /** observations [rows, observation] -> actions [rows, action]. */
  sample(observations: Float32Array, random: Random): Promise<Float32Array>;
  /** observations [rows, observation], actions [rows, action] -> [rows], in nats. */
  logProbability(observations: Float32Array, actions: Float32Array): Promise<Float32Array>;
  /** Where the policy is a pure function: rollouts compile its density, and differentiate it. */
  readonly pure?: PureDensity;
  close(): Promise<void>;
}

/** A density as a pure function of the tensors beside it. */
export interface PureDensity {
  readonly tensors: HostTensors;
  /** observation [batch, observation], action [batch, action] -> [batch, 1], in nats. */
  logProbability(observation: Tensor, action: Tensor, params: Params): Tensor;
}

const ROWS = 512;
const SEEDS = 2 ** 31 - 1;

/** @throws CapabilityError for a policy without log-probabilities */
export function policyPrior(policy: Policy, observationSize: number, box: ActionBox): Prior {
  const density = policy.logProbability?.bind(policy);
  if (density === undefined) {
    throw new CapabilityError("the prior gives no log-probabilities", {
      where: "planning-model.prior",
      expected: 'a stochastic policy, such as { type: "behaviour-cloning", policy: "gaussian" }',
    });
  }
  const { actionSize } = box;
  const matrix = (data: Float32Array, columns: number) => ({ rows: data.length / columns, columns, data });
  return {
    sample: async (observations, random) => {
      const actions = new Float32Array((observations.length / observationSize) * actionSize);
      await overBlocks(actions.length / actionSize, async (from, block) => {
        const [seed = 0] = random.integers(new Int32Array(1), SEEDS);
        const rows = matrix(paddedRows(observations, observationSize, from, block), observationSize);
        const acted = await policy.act(rows, await policy.init(block, seed), { deterministic: false });
        const room = actions.length - from * actionSize;
        actions.set(acted.actions.data.subarray(0, room), from * actionSize);
      });
      return clipActions(actions, box);
    },
    logProbability: async (observations, actions) => {
      const values = new Float32Array(actions.length / actionSize);
      await overBlocks(values.length, async (from, block) => {
        const of = matrix(paddedRows(observations, observationSize, from, block), observationSize);
        const found = await density(of, matrix(paddedRows(actions, actionSize, from, block), actionSize));
        values.set(found.subarray(0, values.length - from), from);
      });
      return values;
    },
    ...pureDensity(policy),
    close: () => policy.close(),
  };
}

function pureDensity({ pure }: Policy): { readonly pure?: PureDensity } {
  const density = pure?.function.logProbability;
  if (pure === undefined || density === undefined) return {};
  return { pure: { tensors: pure.tensors, logProbability: density.bind(pure.function) } };
}

async function overBlocks(rows: number, run: (from: number, block: number) => Promise<void>): Promise<void> {
  let from = 0;
  for (const block of blocksOf(rows, ROWS)) {
    await run(from, block);
    from += block;
  }
}

import { createRingBuffer, fitNormaliser, normalise, type ReplayRows } from "@lowerbound/actor-critic";
import { checkAll, type Fixture, type FixtureCheck } from "@lowerbound/testing";
import { z } from "zod";
import { floats } from "./compute.js";

const count = z.number().int().positive();
const schema = z.looseObject({
  buffer_size: count,
  observation_size: count,
  action_size: count,
  blocks: z.array(count),
});

/** Blocks into a ring buffer one after the other, and the first block's observations normalised. */
export async function ringBufferSubject(fixture: Fixture): Promise<readonly FixtureCheck[]> {
  const h = schema.parse(fixture.hyperparameters);
  const buffer = createRingBuffer({ observation: h.observation_size, action: h.action_size }, h.buffer_size);
  const checks = h.blocks.flatMap((_, index) => {
    const block = blockAt(fixture, index);
    buffer.add(block, block.count);
    return checkAll(fixture, {
      [`out.after${index}.pointer`]: [buffer.pointer()],
      [`out.after${index}.size`]: [buffer.size()],
    });
  });
  const { observations, actions, nextObservations, rewards, terminations } = buffer.rows;
  const first = blockAt(fixture, 0);
  const scale = fitNormaliser(first.observations, h.observation_size);
  return [
    ...checks,
    ...checkAll(fixture, {
      "out.final.obs": observations,
      "out.final.act": actions,
      "out.final.next_obs": nextObservations,
      "out.final.rew": rewards,
      "out.final.term": terminations,
      "out.normalise.mean": scale.mean,
      "out.normalise.std": scale.std,
      "out.normalise.obs": normalise(first.observations, scale),
      "out.normalise.next_obs": normalise(first.nextObservations, scale),
    }),
  ];
}

function blockAt(fixture: Fixture, index: number): ReplayRows {
  const { observation_size, action_size } = schema.parse(fixture.hyperparameters);
  const of = (name: string) => floats(fixture, `in.add${index}.${name}`);
  return {
    observation: observation_size,
    action: action_size,
    count: of("rew").length,
    observations: of("obs"),
    actions: of("act"),
    rewards: of("rew"),
    nextObservations: of("next_obs"),
    terminations: of("term"),
  };
}

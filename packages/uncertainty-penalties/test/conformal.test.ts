import { type HostTensors, Random, type UncertaintyPenalty } from "@lowerbound/core";
import { createEagerEngine } from "@lowerbound/runtime";
import * as tf from "@tensorflow/tfjs";
import { beforeAll, describe, expect, it } from "vitest";
import { fitted, logOf, paramsOf, penaltyOf, seenAt, spreadAt } from "./world.js";

const engine = createEagerEngine("cpu", async () => "cpu");
beforeAll(async () => {
  await tf.setBackend("cpu");
});

const EPISODES = 99;
const EPISODE = 8;
const REPETITIONS = 600;
const ERROR_RATE = 0.2;

const inner = { type: "max-aleatoric", reward: "exclude" };
const conformal = { type: "conformal", errorRate: ERROR_RATE, penalty: inner };

/** Steps of episodes, each moving by noise of the spread where it is, in some episodes twice as widely. */
function walks(random: Random, episodes: number) {
  const steps = episodes * EPISODE;
  const [places, moves] = [random.normal(new Float32Array(steps)), random.normal(new Float32Array(steps))];
  const levels = random.integers(new Int32Array(episodes), 2);
  const next = places.map((x, step) => x + (1 + levels[Math.floor(step / EPISODE)]!) * spreadAt(x) * moves[step]!);
  return { observation: 1, action: 1, observations: places, actions: new Float32Array(steps), nextObservations: next };
}

/** u >= |s' - mean| at one transition of a new episode, of the penalty with a fit's tensors. */
function covers(penalty: UncertaintyPenalty, tensors: HostTensors, random: Random): boolean {
  const { observations, nextObservations } = walks(random, 1);
  const [step] = random.integers(new Int32Array(1), EPISODE);
  const [at, next] = [observations[step!]!, nextObservations[step!]!];
  return tf.tidy(() => {
    const u = penalty.penalise(seenAt(tf.tensor2d([[at]]), tf.zeros([1, 1])), paramsOf(tensors));
    return u.dataSync()[0]! >= Math.abs(next - at);
  });
}

/** How often a penalty covers a new episode's error, calibrated afresh each time: one trial a calibration. */
async function coverage(options: object): Promise<number> {
  const penalty = penaltyOf(options);
  let covered = 0;
  for (let repetition = 0; repetition < REPETITIONS; repetition++) {
    const random = Random.fromSeed(1).stream(`${repetition}`);
    const heldOut = logOf(walks(random, EPISODES), EPISODE);
    const tensors = await fitted(penalty, { dataset: heldOut, heldOut, engine });
    covered += covers(penalty, tensors, random) ? 1 : 0;
  }
  return covered / REPETITIONS;
}

/** Three standard errors of a share of the repetitions. */
const margin = (share: number): number => 3 * Math.sqrt((share * (1 - share)) / REPETITIONS);

describe("conformal", () => {
  it("covers new episodes' errors as often as it says", async () => {
    const share = await coverage(conformal);
    // At least 1 - errorRate, and more by at most what two of the 100 episodes weigh, the new one among them.
    expect(share).toBeGreaterThan(1 - ERROR_RATE - margin(1 - ERROR_RATE));
    expect(share).toBeLessThan(1 - ERROR_RATE + 2 / (EPISODES + 1) + margin(1 - ERROR_RATE));
  });

  it("is needed: unscaled, the model's own spread covers far less", async () => {
    // It predicts 0.3 of the spread: P(|z| <= 0.3) = 0.23582, and P(|z| <= 0.15) = 0.11924 where that is twice as wide.
    const wanted = (0.23582 + 0.11924) / 2;
    const share = await coverage(inner);
    expect(Math.abs(share - wanted)).toBeLessThan(margin(wanted));
  });

  it.each([
    ["alone", conformal],
    ["within another", { type: "scale", factor: 2, penalty: conformal }],
  ])("refuses a log of too few episodes to hold out before anything is fitted: %s", async (_, options) => {
    const { check } = penaltyOf(options);
    const info = await logOf(walks(Random.fromSeed(1), 5), EPISODE).info();
    await expect(check?.({ ...info, heldOut: 3 })).rejects.toThrow(
      /more than 3 held-out episodes\n.*at least 4 held-out episodes/,
    );
    await expect(check?.({ ...info, heldOut: 4 })).resolves.toBeUndefined();
  });

  it("refuses to scale a penalty that is 0 where the scale is decided: it would charge for errors over nothing", async () => {
    const heldOut = logOf(walks(Random.fromSeed(1), 9), EPISODE);
    const nothing = penaltyOf({ ...conformal, penalty: { type: "scale", factor: 0, penalty: inner } });
    await expect(fitted(nothing, { dataset: heldOut, heldOut, engine })).rejects.toThrow(
      /u is at most the floor, 0.000001, on 100 % of held-out[\s\S]*raise penalty\.floor/,
    );
  });

  it("tells errors that are no number from episodes that are too few", async () => {
    const walked = walks(Random.fromSeed(1), 9);
    const heldOut = logOf({ ...walked, nextObservations: walked.nextObservations.map(() => 3e38) }, EPISODE);
    await expect(fitted(penaltyOf(conformal), { dataset: heldOut, heldOut, engine })).rejects.toThrow(
      /no number on more than 0\.2 of held-out transitions/,
    );
  });
});

import type { HostTensors } from "@lowerbound/core";
import type { DynamicsHost } from "./host.js";

/**
 * Add to each score its actions' discounted log P_beta along the rollout, averaged over particles; minus infinity below
 * the floor. Actions after the end count for nothing.
 */
export async function addLogProbability(
  scores: Float32Array,
  { observations, alive }: HostTensors,
  actions: Float32Array,
  { parts, prior }: DynamicsHost,
): Promise<void> {
  const { particles, dimensions, scoring } = parts;
  const rows = scores.length;
  const horizon = alive!.data.length / (rows * particles);
  const perStep = dimensions.action;
  // A sequence's actions, once a particle, in the order of the visited observations.
  const taken = new Float32Array(rows * particles * horizon * perStep);
  for (let row = 0; row < rows * particles; row++) {
    const own = Math.floor(row / particles) * horizon * perStep;
    taken.set(actions.subarray(own, own + horizon * perStep), row * horizon * perStep);
  }
  const logs = await prior!.logProbability(Float32Array.from(observations!.data), taken);
  const { discount, logProbabilityCoefficient, logProbabilityFloor = -Infinity } = scoring;
  logs.forEach((log, i) => {
    if (alive!.data[i] === 0) return;
    const row = Math.floor(i / (horizon * particles));
    const weight = (logProbabilityCoefficient * discount ** (i % horizon)) / particles;
    scores[row]! += log >= logProbabilityFloor ? weight * log : -Infinity;
  });
}

import type { StepResult } from "@lowerbound/core";
import type { SimulatedEnvironment } from "@lowerbound/environments";
import type { GoldenEpisode } from "./episode.js";
import type { RolloutsManifest, StepLimits } from "./golden.js";
import { type EnvironmentCheck, trackWorst } from "./worst.js";

/** First observations and infos of every episode. */
export function checkResets(
  environment: SimulatedEnvironment,
  episodes: readonly GoldenEpisode[],
  { tolerance }: RolloutsManifest,
): EnvironmentCheck {
  const worst = trackWorst();
  for (const episode of episodes) {
    worst.compare(
      `${episode.name}/init_obs`,
      begin(environment, episode),
      episode.row("init_obs"),
      tolerance.reset_obs,
    );
    for (const key of episode.resetInfoKeys) {
      const got = environment.resetInfo()[key.slice("init_info.".length)] ?? Number.NaN;
      worst.compare(`${episode.name}/${key}`, [got], episode.row(key), tolerance.reset_obs);
    }
  }
  return worst.result("reset");
}

/** Whole episodes from their start, each quantity to its own tolerance. */
export function checkEpisodes(
  environment: SimulatedEnvironment,
  episodes: readonly GoldenEpisode[],
  { tolerance }: RolloutsManifest,
): readonly EnvironmentCheck[] {
  const observations = trackWorst();
  const rewards = trackWorst();
  const flags = trackWorst();
  const infos = trackWorst();
  const states = trackWorst();
  const rewardLimits = tolerance.rewards_from_start ?? tolerance.obs_from_start;
  for (const episode of episodes) {
    begin(environment, episode);
    for (let t = 0; t < episode.steps; t++) {
      const allowed = allowedAt(t, tolerance.obs_from_start);
      const allowedReward = allowedAt(t, rewardLimits);
      if (allowed === undefined || allowedReward === undefined) break;
      const step = environment.step(episode.action(t));
      const where = (key: string) => `${episode.name}/${key}[${t}]`;
      observations.compare(where("obs"), step.observation, episode.row("obs", t), allowed);
      rewards.compare(where("rewards"), [step.reward], episode.row("rewards", t), allowedReward);
      for (const key of ["terminated", "truncated"] as const) {
        flags.compare(where(key), [step[key] ? 1 : 0], episode.row(key, t), 0);
      }
      for (const key of episode.infoKeys) {
        infos.compare(where(key), [infoOf(step, key)], episode.row(key, t), allowedReward);
      }
      const allowedState = allowedAt(t, tolerance.state_from_start ?? tolerance.obs_from_start) ?? allowed;
      const { state } = environment.snapshot();
      states.compare(where("qpos"), state.qpos ?? [], episode.row("qpos", t), allowedState);
      states.compare(where("qvel"), state.qvel ?? [], episode.row("qvel", t), allowedState);
      if (step.terminated || step.truncated) goOn(environment);
    }
  }
  const checks = [observations.result("observations"), rewards.result("rewards"), flags.result("flags")];
  checks.push(states.result("states"));
  return episodes.some((episode) => episode.infoKeys.length > 0) ? [...checks, infos.result("infos")] : checks;
}

/** Single steps from every recorded state; errors cannot add up here. */
export function checkSingleSteps(
  environment: SimulatedEnvironment,
  episodes: readonly GoldenEpisode[],
  warm: boolean,
  allowed: number,
): EnvironmentCheck {
  const worst = trackWorst();
  for (const episode of episodes) {
    for (let t = 0; t + 1 < episode.steps; t++) {
      beginAt(environment, episode, t, warm);
      const step = environment.step(episode.action(t + 1));
      const where = (key: string) => `${episode.name}/${key}[${t + 1}] in one step`;
      worst.compare(where("obs"), step.observation, episode.row("obs", t + 1), allowed);
      worst.compare(where("rewards"), [step.reward], episode.row("rewards", t + 1), allowed);
    }
  }
  return worst.result(warm ? "single steps, warm start" : "single steps, cold start");
}

function begin(environment: SimulatedEnvironment, episode: GoldenEpisode): Float64Array {
  return environment.resetTo({ qpos: episode.row("init_qpos"), qvel: episode.row("init_qvel") });
}

function beginAt(environment: SimulatedEnvironment, episode: GoldenEpisode, t: number, warm: boolean): void {
  environment.resetTo({ qpos: episode.row("qpos", t), qvel: episode.row("qvel", t) });
  const { environmentId, state } = environment.snapshot();
  const warmStart = warm ? { qaccWarmstart: episode.row("qacc_warmstart", t) } : {};
  const tracked = episode.has("torso_xpos") ? { tracked: episode.row("torso_xpos", t).slice(0, 2) } : {};
  environment.restore({ environmentId, state: { ...state, ...warmStart, ...tracked } });
}

/** Some recordings go on after the end, for the physics; an environment does not, so its end is undone. */
function goOn(environment: SimulatedEnvironment): void {
  const { environmentId, state } = environment.snapshot();
  const [steps = 0] = state.episode ?? [];
  environment.restore({ environmentId, state: { ...state, episode: Float64Array.of(steps, 0) } });
}

function infoOf(step: StepResult, key: string): number {
  return step.info[key.slice("info.".length)] ?? Number.NaN;
}

/** Tolerance after step t (from 0), undefined beyond the last step that has one. */
function allowedAt(t: number, limits: StepLimits): number | undefined {
  return limits.find(({ up_to_step }) => up_to_step === "end" || t + 1 <= up_to_step)?.max_abs;
}

import { environmentFactory, isSimulated } from "@lowerbound/environments";
import { goldenEpisodes } from "./environment-parity/episode.js";
import { checkInterface, checkModel } from "./environment-parity/facts.js";
import type { EnvironmentGolden } from "./environment-parity/golden.js";
import { checkEpisodes, checkResets, checkSingleSteps } from "./environment-parity/rollouts.js";
import type { EnvironmentCheck } from "./environment-parity/worst.js";

/**
 * Compare an environment of ours with Gymnasium's facts and recorded episodes.
 *
 * Tolerances are those of the rollouts' manifest; the model's numbers must be equal bit for bit.
 */
export async function checkEnvironment(golden: EnvironmentGolden): Promise<readonly EnvironmentCheck[]> {
  const { id, facts, rollouts } = golden;
  const environment = await environmentFactory(id).create();
  try {
    if (!isSimulated(environment)) throw new Error(`the state of ${id} cannot be set`);
    const episodes = goldenEpisodes(golden);
    const checks = [checkInterface(environment, facts)];
    if (facts.model !== undefined) checks.push(await checkModel(id, facts.model));
    checks.push(checkResets(environment, episodes, rollouts), ...checkEpisodes(environment, episodes, rollouts));
    const { one_step_obs_with_warm_start: warm, one_step_obs_without_warm_start: cold } = rollouts.tolerance;
    if (warm !== undefined) checks.push(checkSingleSteps(environment, episodes, true, warm));
    if (cold !== undefined) checks.push(checkSingleSteps(environment, episodes, false, cold));
    return checks;
  } finally {
    environment.close();
  }
}

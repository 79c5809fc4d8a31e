import type { TrainContext, Trained } from "@lowerbound/core";
import { fitNormaliser } from "../replay/normalise.js";
import { trainOffline } from "../training/offline.js";
import type { CloningOptions } from "./options.js";
import { cloningPolicy } from "./policy.js";
import { cloningProgram, initialiseCloning } from "./program.js";

/**
 * Fit a policy to the dataset's actions, from the newest checkpoint if there is one.
 *
 * @throws NumericalError when the loss stops being usable; the last checkpoint stays good.
 */
export const trainCloning = (context: TrainContext, options: CloningOptions): Promise<Trained> =>
  trainOffline(
    context,
    {
      policy: cloningPolicy(options),
      initialise: (random, { observation, action, observations }) =>
        initialiseCloning(random, { observation, action }, options, fitNormaliser(observations, observation)),
      programs: (dimensions, batch) => [cloningProgram(dimensions, options, batch)],
    },
    options,
  );

import { join } from "node:path";
import { d4rlFile } from "./bad-files.js";
import type { Fault } from "./fault.js";

/** A small MOPO run, changed by flags. */
const mopo = async (root: string, ...flags: readonly string[]) => [
  "train",
  `--directory=${join(root, "run")}`,
  "--dataset=d4rl-hdf5",
  `--dataset.path=${await d4rlFile(root)}`,
  "--dynamics=ensemble",
  "--dynamics.members=2",
  "--dynamics.elites=1",
  "--dynamics.hiddenSizes=8",
  "--dynamics.weightDecays=0,0",
  "--dynamics.maximumEpochs=3",
  "--termination=never",
  "--engine.threads=1",
  "--algorithm=mopo",
  "--algorithm.updates=5",
  "--algorithm.rolloutBatch=10",
  "--quiet",
  ...flags,
];

export const trainingFaults: readonly Fault[] = [
  {
    name: "MOPO without a penalty",
    prepare: (root) => mopo(root),
    where: /algorithm/,
    what: /no penalty is configured/,
  },
  {
    name: "MOPO without a model",
    prepare: async (root) =>
      (await mopo(root, "--penalty=max-aleatoric")).filter((token) => !token.startsWith("--dynamics")),
    where: /algorithm|penalty/,
    what: /no dynamics is configured/,
  },
  {
    name: "more elites than members",
    prepare: (root) => mopo(root, "--penalty=max-aleatoric", "--dynamics.elites=3"),
    where: /dynamics/,
    what: /elites/,
  },
  {
    name: "weight decays that do not fit the layers",
    prepare: (root) => mopo(root, "--penalty=max-aleatoric", "--dynamics.weightDecays=0"),
    where: /dynamics/,
    what: /hiddenSizes asks for 2 weight decays, not 1[\s\S]*remedy: set weightDecays too, such as 5e-5,5e-5/,
  },
  ...[["--engine.threads=1"], ["--engine=cpu"]].map((engine) => ({
    name: `a termination rule of longer observations, ${engine}`,
    prepare: async (root: string) => [
      ...(await mopo(root, "--penalty=max-aleatoric", "--termination=pen")).filter(
        (flag) => !flag.startsWith("--engine"),
      ),
      ...engine,
    ],
    where: /termination/,
    what: /the rule does not fit the log: [\s\S]*expected: a rule of observations/,
  })),
  {
    name: "an ensemble that explodes",
    prepare: (root) => mopo(root, "--penalty=max-aleatoric", "--dynamics.learningRate=1e30"),
    where: /dynamics: tensors .*weight0/,
    what: /not finite since update/,
  },
  {
    name: "a critic that explodes",
    prepare: (root) =>
      mopo(root, "--penalty=max-aleatoric", "--optimiser.criticLearningRate=1e35", "--algorithm.updates=50"),
    where: /critic|train/,
    what: /not finite|NaN|Infinity/,
  },
];

import type { Prediction } from "../src/index.js";

/** What `penaltyCoefficient: auto` leaves in `result.json`. */
export const theorem = {
  updates: 400,
  penaltyCoefficient: 0.5,
  selection: {
    rule: "theorem",
    why: null,
    coefficient: 12.5,
    reach: 20.5,
    reason: "largest model return less 12.5 x discounted penalty",
    candidates: [
      { penaltyCoefficient: 2, score: -31.25, figures: { modelReturn: 100, uncertainty: 10.5 } },
      { penaltyCoefficient: 0.5, score: 17.75, figures: { modelReturn: 255.25, uncertainty: 19 } },
      { penaltyCoefficient: 0.125, score: null, figures: {} },
    ],
  },
};

/** What COMBO's `beta: auto` leaves there. */
export const beta = (terms: readonly (readonly [number, number | null])[], chosen: number, betaPassed: boolean) => ({
  beta: chosen,
  betaPassed,
  betaTerms: terms.map(([candidate, term]) => ({ beta: candidate, term })),
});

/** `plan.json` of one episode of three steps. */
export const plan = (type: string, trace: object) => ({
  version: 1,
  environment: "Toy-v0",
  planner: { type },
  model: { type: "dynamics" },
  pessimism: "penalty",
  replanEvery: 1,
  seed: 0,
  decision: { count: 3, median: 12, p95: 30 },
  episodes: [
    {
      episode: 0,
      steps: [
        { predicted: 1.5, realised: 1, milliseconds: 30 },
        { predicted: 2, realised: 0.25, milliseconds: 12 },
        { predicted: 1, realised: -0.5, milliseconds: 11 },
      ],
      terminated: true,
      truncated: false,
      plans: [
        { step: 0, predicted: [1.5, 3], realised: [1, 0.25], trace },
        { step: 2, predicted: [1, 1], realised: [-0.5] },
      ],
    },
  ],
});

/** What planners keep of their candidates. */
export const BEAMS = {
  kind: "beams",
  depths: [
    { parents: [-1, -1], scores: [3, 1] },
    { parents: [1, 0], scores: [5, 4] },
  ],
};
export const TREE = {
  kind: "tree",
  nodes: [
    { parent: -1, visits: 5, mean: 1 },
    { parent: 0, visits: 3, mean: 2 },
    { parent: 0, visits: 1, mean: 0 },
    { parent: 1, visits: 2, mean: 4 },
  ],
};
export const ROUNDS = { kind: "rounds", rounds: [{ lost: 9 }, { low: 1, median: 2, high: 4, lost: 0 }], samples: [] };

export const flat = (median: number | null) => ({ low: median === null ? null : median / 2, median, high: median });
/** `prediction.json` of three models over three steps. */
export const prediction = (change: Partial<Prediction> = {}): Prediction => ({
  dataset: "toy-log",
  environment: "Toy-v0",
  episodes: [4, 4, 3],
  models: [
    { name: "sequence", way: "drawn", run: "runs/a", errors: [flat(0.5), flat(1), flat(1.5)] },
    { name: "ensemble", way: "mean", run: "runs/b", errors: [flat(0.25), flat(250), flat(null)] },
    { name: "the log", way: "as logged", run: null, errors: [flat(1e-9), flat(1e-9), flat(1e-9)] },
  ],
  ...change,
});

import type { Engine } from "@lowerbound/core";
import {
  d4rlReferenceSubject,
  type Fixture,
  type FixtureCheck,
  terminationSubject,
  transitionsSubject,
} from "@lowerbound/testing";
import { aggregateSubject } from "./subjects/aggregate.js";
import { colouredNoiseSubject } from "./subjects/coloured-noise.js";
import { conservativeSubject } from "./subjects/cql.js";
import { ensembleDynamicsSubject } from "./subjects/ensemble-dynamics.js";
import { gaussiansSubject } from "./subjects/gaussians.js";
import { mopoRolloutSubject } from "./subjects/mopo-rollout.js";
import { morelSubject } from "./subjects/morel.js";
import { opeSubject } from "./subjects/ope.js";
import { ensemblePenaltiesSubject } from "./subjects/penalties.js";
import { plannersSubject } from "./subjects/planners.js";
import { sacSubject } from "./subjects/sac.js";
import { discretiserSubject, returnsSubject, windowsSubject } from "./subjects/sequence-data.js";
import { sequenceModelSubject, sequenceTrainingSubject } from "./subjects/sequence-model.js";
import { sequencePlanSubject } from "./subjects/sequence-plan.js";
import { sequenceSearchSubject } from "./subjects/sequence-search.js";
import { theorySubject } from "./subjects/theory.js";

/** What runs the real code on one kind of golden file. */
export interface Subject {
  readonly matches: (fixture: Fixture) => boolean;
  readonly run: (fixture: Fixture, engine: Engine) => Promise<readonly FixtureCheck[]>;
  /** Golden results of parts that do not exist yet. */
  readonly leavesOut?: readonly RegExp[];
}

const startsWith = (subject: string, name: string) => (fixture: Fixture) =>
  fixture.subject === subject && fixture.name.startsWith(name);

export const subjects: readonly Subject[] = [
  { matches: startsWith("ensemble-dynamics", ""), run: ensembleDynamicsSubject },
  { matches: startsWith("sac", ""), run: sacSubject },
  { matches: startsWith("cql", ""), run: conservativeSubject },
  { matches: startsWith("combo", ""), run: conservativeSubject },
  { matches: startsWith("mopo-rollout", ""), run: mopoRolloutSubject },
  { matches: startsWith("penalties", "ensemble-"), run: ensemblePenaltiesSubject },
  { matches: startsWith("penalties", "gaussians"), run: gaussiansSubject },
  // Public code never flags a cut path as terminated; here HALT is terminal.
  { matches: startsWith("penalties", "morel"), run: morelSubject, leavesOut: [/\.terminated_flag$/] },
  { matches: startsWith("transitions", ""), run: transitionsSubject },
  { matches: startsWith("ope", ""), run: opeSubject },
  { matches: startsWith("planners", "coloured-noise"), run: colouredNoiseSubject },
  { matches: startsWith("planners", ""), run: plannersSubject },
  { matches: startsWith("trajectory-transformer", "bins"), run: discretiserSubject },
  // The public percentile is one bin low, and wraps round at the first one.
  { matches: startsWith("trajectory-transformer", "quantile"), run: discretiserSubject, leavesOut: [/percentile/] },
  { matches: startsWith("trajectory-transformer", "windows"), run: windowsSubject },
  { matches: startsWith("trajectory-transformer", "faster-returns"), run: returnsSubject },
  { matches: startsWith("trajectory-transformer", "model"), run: sequenceModelSubject },
  // The public cache lets queries see values, which its own mask hides.
  {
    matches: startsWith("trajectory-transformer", "faster-model"),
    run: sequenceModelSubject,
    leavesOut: [/cached_logits/],
  },
  { matches: startsWith("trajectory-transformer", "training"), run: sequenceTrainingSubject },
  { matches: startsWith("trajectory-transformer", "search"), run: sequenceSearchSubject },
  { matches: startsWith("trajectory-transformer", "plan"), run: sequencePlanSubject },
  { matches: startsWith("theory", ""), run: theorySubject },
  { matches: startsWith("scores", "d4rl-reference"), run: d4rlReferenceSubject },
  { matches: startsWith("scores", "aggregate"), run: aggregateSubject },
  { matches: startsWith("scores", "termination"), run: terminationSubject },
];

export const subjectOf = (fixture: Fixture): Subject | undefined => subjects.find(({ matches }) => matches(fixture));

export { clipActions, evenActions } from "./box.js";
export { continueEach } from "./continue-each.js";
export { blocksOf } from "./models/blocks.js";
export { asksForPrior, dynamicsPlanningModel, planningModel } from "./models/dynamics/component.js";
export { createDynamicsHost, type DynamicsHost } from "./models/dynamics/host.js";
export type { DynamicsParts } from "./models/dynamics/parts.js";
export { type Prior, policyPrior } from "./models/dynamics/prior.js";
export { type SequenceProgramOptions, sequenceProgram } from "./models/dynamics/sequence-program.js";
export { proposalScorer, scorerOf } from "./models/proposal-scorer.js";
export { openSimulator, simulatorPlanningModel } from "./models/simulator.js";
export { horizonOption, logProbabilityShape, scorePessimism, searchPessimism } from "./options.js";
export { expectedRewards } from "./policy/expected-rewards.js";
export {
  type Decision,
  keepLanes,
  type PlannerPolicyOptions,
  type PlannerState,
  plannerPolicy,
  startLanes,
} from "./policy/planner-policy.js";
export { planning } from "./policy/planning.js";
export { checkSeam, type Lane, type LaneStart, openLanes, pessimismOf } from "./policy/seams.js";
export { checkBox, proposalsOf, sequencesOf, startClock } from "./request.js";
export { bestFirst, createIncumbent, type Incumbent } from "./scores.js";
export { type BeamTrace, beamSearchPlanner } from "./search/beam-planner.js";
export {
  type BeamSearchOptions,
  type BeamSearchResult,
  type BeamSearchStart,
  type BeamStep,
  beamSearch,
} from "./search/beam-search.js";
export { type Beam, stepsOf } from "./search/beams.js";
export { type LogProbabilityOptions, logProbabilityTerm } from "./search/continuations.js";
export { mcts, type TreeTrace } from "./search/mcts/planner.js";
export { type MctsOptions, type MctsResult, monteCarloTreeSearch } from "./search/mcts/search.js";
export { type CemOptions, cem, crossEntropy, type DrawCem } from "./trajectory/cem.js";
export { ascend, type GradientOptions, gradientPlanner } from "./trajectory/gradient.js";
export { type IcemOptions, type IcemStart, icem, icemStart, improvedCrossEntropy } from "./trajectory/icem.js";
export type { DrawIcem } from "./trajectory/icem-samples.js";
export { type MppiOptions, type MppiStart, mppi, mppiStart, pathIntegral } from "./trajectory/mppi.js";
export { colouredNoise, truncatedNormal } from "./trajectory/noise.js";
export { randomShooting } from "./trajectory/random-shooting.js";
export { bestOfRounds, type Found, type Round, type Rounds, type Watch } from "./trajectory/rounds.js";
export type { RoundsTrace } from "./trajectory/trace.js";
export { shiftedPlan } from "./trajectory/warm-start.js";

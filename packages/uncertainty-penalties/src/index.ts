export {
  type BellmanInconsistencyOptions,
  bellmanInconsistency,
  bellmanInconsistencyPenalty,
} from "./bellman-inconsistency.js";
export { clipPenalty, maxPenalty, scalePenalty, sumPenalty } from "./combinators.js";
export { type Composition, compose } from "./compose.js";
export { type ConformalOptions, conformalPenalty } from "./conformal.js";
export { densityPenalty } from "./density.js";
export { type DivergenceOptions, divergence, divergencePenalty } from "./divergence.js";
export { ensembleStandardDeviation, ensembleStandardDeviationPenalty } from "./ensemble-standard-deviation.js";
export { ensembleVariance, ensembleVariancePenalty, type VarianceOptions } from "./ensemble-variance.js";
export {
  bretagnolleHuberBound,
  type Gaussians,
  hellingerBound,
  hellingerSquared,
  kullbackLeibler,
  logBhattacharyya,
  pinskerBound,
  totalVariationBound,
  wasserstein2,
} from "./gaussian-divergences.js";
export { jensenRenyi } from "./jensen-renyi.js";
export { logLikelihoodVariance, logLikelihoodVariancePenalty } from "./log-likelihood-variance.js";
export { maxAleatoric, maxAleatoricPenalty } from "./max-aleatoric.js";
export { maxDeviation, maxDeviationPenalty } from "./max-deviation.js";
export { maxPairwiseDifference, maxPairwiseDifferencePenalty } from "./max-pairwise-difference.js";
export { type MixtureDensityOptions, mixtureDensity, mixtureLogProbability } from "./mixture-density.js";
export { type NearestNeighbourOptions, nearestNeighbour, nearestNeighbourPenalty } from "./nearest-neighbour.js";
export type { Selection } from "./options.js";
export {
  type RandomNetworkOptions,
  randomNetworkDistillation,
  randomNetworkDistillationPenalty,
} from "./random-network-distillation.js";
export { marginalTotalVariation, sharedCovarianceTotalVariation } from "./total-variation.js";

export { ensembleStandardDeviation, ensembleStandardDeviationPenalty } from "./ensemble-standard-deviation.js";
export { maxAleatoric, maxAleatoricPenalty } from "./max-aleatoric.js";
export { maxDeviation, maxDeviationPenalty } from "./max-deviation.js";
export { maxPairwiseDifference, maxPairwiseDifferencePenalty } from "./max-pairwise-difference.js";
export type { Selection } from "./options.js";

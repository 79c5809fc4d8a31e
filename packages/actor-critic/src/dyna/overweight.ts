/**
 * A sentence for the user where a penalty's coefficient takes more from the rollouts' reward than there is: then whatever
 * the model is surest of can be the best that a policy does, standing still included. Undefined where it does not.
 */
export function overweightNote({
  modelReward = null,
  reshapedReward = null,
}: Readonly<Record<string, number | null>>): string | undefined {
  if (modelReward === null || reshapedReward === null) return undefined;
  const cost = modelReward - reshapedReward;
  if (cost <= Math.abs(modelReward)) return undefined;
  return (
    `pessimism costs ${cost.toPrecision(3)} a step in the last rollouts, whose mean reward is ${modelReward.toPrecision(3)}: ` +
    "doing what the model is surest of, such as nothing, may pay best; consider a smaller coefficient of the penalty"
  );
}

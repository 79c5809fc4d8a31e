/** Share of the range by which a fit may miss its ends. */
const SLACK = 0.05;

/**
 * A warning where an estimate lies outside what any return can be whose steps pay as the logged ones do, and 0 once ended:
 * fitted values that diverge get there while their loss is finite. None at a discount of 1, which bounds no return.
 */
export function impossibleWarning(value: number, rewards: ArrayLike<number>, discount: number): string | undefined {
  let [low, high] = [0, 0];
  for (let row = 0; row < rewards.length; row++) {
    low = Math.min(low, rewards[row]!);
    high = Math.max(high, rewards[row]!);
  }
  [low, high] = [low / (1 - discount), high / (1 - discount)];
  const slack = SLACK * (high - low);
  if (!(value < low - slack || value > high + slack)) return undefined;
  return (
    `no return is outside ${low.toPrecision(3)} to ${high.toPrecision(3)} with the logged rewards: fitted values diverged, ` +
    "or few episodes carry all weight; lower fqe's learning rate or raise its targetInterval, or use model"
  );
}

/** What decides how many sequences a round of iCEM scores. */
export interface IcemCounts {
  readonly population: number;
  readonly populationDecay: number;
  readonly populationMultiple?: number | undefined;
  readonly eliteRatio: number;
  readonly keepEliteFraction: number;
}

const roundedUp = (value: number, multiple: number | undefined): number => {
  const whole = Math.ceil(value);
  return multiple === undefined ? whole : Math.ceil(whole / multiple) * multiple;
};

export const eliteCount = ({ population, eliteRatio }: IcemCounts): number => Math.ceil(population * eliteRatio);

/** Samples of a round: population decay^-round, at least twice the elites. */
export const populationAt = (round: number, counts: IcemCounts): number =>
  roundedUp(
    Math.max(counts.population * counts.populationDecay ** -round, 2 * eliteCount(counts)),
    counts.populationMultiple,
  );

/** Elites that join the next round. */
export const keptCount = (counts: IcemCounts): number =>
  roundedUp(counts.keepEliteFraction * eliteCount(counts), counts.populationMultiple);

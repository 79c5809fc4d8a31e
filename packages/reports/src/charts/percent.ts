/** A share in percent with one decimal; undefined where there is none. */
export const percent = (share: number | null | undefined): number | undefined =>
  share === null || share === undefined ? undefined : Math.round(1000 * share) / 10;

import type { Algorithm, Optimiser } from "@lowerbound/core";

/** What a training by this optimiser may be resumed with more of. */
export const growthOf = ({ scheduled }: Pick<Optimiser, "scheduled">): Required<Pick<Algorithm, "mayGrow">> => ({
  mayGrow: scheduled === true ? [] : ["updates"],
});

import { CapabilityError, type Matrix } from "@lowerbound/core";
import { matrixOf } from "./act-all.js";

/** Share of a box's half-width that counts as its edge. */
const EDGE = 0.001;

/**
 * Logged actions as densities over the box [-maximum, maximum] are asked for them: those within a thousandth of its edge
 * count as a thousandth inside.
 *
 * A squashed density is of a different order at each of the last digits before the edge, and clipped actions lie on it.
 * @throws CapabilityError for an action further out, of which no density over this box says anything
 */
export function insideBox({ columns, data }: Matrix, maximum: number): Matrix {
  const outside = data.findIndex((action) => Math.abs(action) > (1 + EDGE) * maximum);
  if (outside >= 0) {
    throw new CapabilityError(`a logged action is outside the policy's action box [-${maximum}, ${maximum}]`, {
      where: `transition ${Math.floor(outside / columns)}: ${data[outside]}`,
      expected: "actions in the box over which the policy gives a density",
      remedy: "train with maximumAction as wide as the log's actions, or evaluate by fqe or model",
    });
  }
  const most = (1 - EDGE) * maximum;
  return matrixOf(
    data.map((action) => Math.max(-most, Math.min(most, action))),
    columns,
  );
}

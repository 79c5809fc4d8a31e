import { z } from "zod";
import { ConfigError } from "../errors.js";

/** A number of any size: what is not finite is another check's matter. */
const figure = z.custom<number>((value) => typeof value === "number");
const tensor = z.looseObject({
  dtype: z.enum(["float32", "int32", "bool"]),
  shape: z.array(figure),
  data: z.custom((value) => ArrayBuffer.isView(value)),
});

/** What must be there of what components give; their own types say the rest. */
const GIVEN = {
  "dataset.info": z.looseObject({
    name: z.string(),
    fingerprint: z.string(),
    ...{ observation: figure, action: figure, episodes: figure, steps: figure },
    returns: z.looseObject({ mean: figure, std: figure, min: figure, max: figure }),
  }),
  "algorithm.train": z.looseObject({ tensors: z.record(z.string(), tensor), facts: z.record(z.string(), z.unknown()) }),
};

/**
 * What a plug-in gives, whose types nobody has checked, if it is whole: what it lacks would be missed far from it, and
 * hours later.
 *
 * @throws ConfigError naming the function and what its result lacks
 */
export function whole<T>(where: keyof typeof GIVEN, given: T): T {
  const { error } = GIVEN[where].safeParse(given);
  if (error === undefined) return given;
  const path = error.issues[0]?.path.join(".") ?? "";
  throw new ConfigError(path === "" ? "it gives no object" : `what it gives has no right "${path}"`, {
    where,
    expected: `an object with ${Object.keys(GIVEN[where].shape).join(", ")}`,
    remedy: "check the component's types: npx tsc --noEmit",
  });
}

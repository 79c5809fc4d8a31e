import { defineComponent, Termination } from "@lowerbound/core";
import { z } from "zod";
import { allInside, endsUnless } from "./rules.js";

/** HalfCheetah never ends; a model's state that left (-100, 100) is not to be trusted. Source: OfflineRL-Kit. */
export const halfCheetahTermination = defineComponent({
  kind: Termination,
  type: "halfcheetah",
  summary: "ends only where an imagined observation has an entry outside (-100, 100)",
  config: z.object({}),
  create: () => endsUnless((observations) => allInside(observations, 100)),
});

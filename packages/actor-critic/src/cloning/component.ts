import { Algorithm, defineComponent } from "@lowerbound/core";
import { hostPolicy } from "../training/host-policy.js";
import { cloningOptions } from "./options.js";
import { cloningPolicy } from "./policy.js";
import { trainCloning } from "./train.js";

/** Algorithm `behaviour-cloning`: the plain baseline. */
export const behaviourCloning = defineComponent({
  kind: Algorithm,
  type: "behaviour-cloning",
  summary: "imitate the dataset's actions: the plain baseline, without model or reward",
  documentation: "Squared error of the mean action, or likelihood of a Gaussian around it; observations standardised.",
  config: cloningOptions,
  create: (options) => ({
    mayGrow: ["updates"],
    train: (context) => trainCloning(context, options),
    policy: async (trained) => hostPolicy(cloningPolicy(options), trained),
  }),
});

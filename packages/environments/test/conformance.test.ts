import { Random } from "@lowerbound/core";
import { environmentConformance } from "@lowerbound/testing";
import { describe, test } from "vitest";
import { environmentFactory, randomMdp, tabularEnvironment } from "../src/index.js";

const TYPES = ["hopper", "halfcheetah", "walker2d", "ant", "inverted-pendulum", "reacher", "swimmer", "pendulum"];
const mdp = randomMdp(Random.fromSeed(1), { states: 5, actions: 3, discount: 0.9 });

const factories = [
  ...TYPES.map((type) => environmentFactory(type, { timeLimit: 60 })),
  { id: "tabular", create: async () => tabularEnvironment(mdp, { timeLimit: 60 }) },
];

describe.each(factories.map((factory) => ({ id: factory.id, factory })))("$id", ({ factory }) => {
  for (const { name, run } of environmentConformance(factory)) test(name, run);
});

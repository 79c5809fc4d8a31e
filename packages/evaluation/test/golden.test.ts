import { createAutoEngine } from "@lowerbound/runtime";
import { afterAll, it } from "vitest";
import { expectParity } from "../../../tools/parity/expect-parity.js";

const engine = createAutoEngine({ threads: 1, provider: "cpu" });
afterAll(() => engine.dispose());

const file = (name: string): URL => new URL(`fixtures/${name}.json`, import.meta.url);

it.each([
  "scores/aggregate",
  "scores/aggregate-ties",
  "ope/tabular",
  "ope/tabular-undiscounted",
  "ope/fqe",
  "ope/fqe-single",
  "theory/halt",
  "theory/reward-error",
  "theory/signed-counterexample",
  "theory/signed-rewards",
  "theory/unit-rewards",
])("%s", async (name) => {
  await expectParity(file(name), engine);
});

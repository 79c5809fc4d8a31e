import { createAutoEngine } from "@lowerbound/runtime";
import { afterAll, describe, it } from "vitest";
import { expectParity } from "../../../tools/parity/expect-parity.js";

const engine = createAutoEngine({ threads: 1, provider: "cpu" });
afterAll(() => engine.dispose());

describe("golden files", () => {
  it.each(["cem", "cem-best", "cem-clipped", "icem", "icem-mean", "mppi", "coloured-noise"])("%s", (name) =>
    expectParity(new URL(`fixtures/planners/${name}.json`, import.meta.url), engine),
  );
});

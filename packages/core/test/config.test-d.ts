import { describe, test } from "vitest";
import { createPipeline } from "../src/index.js";
import { components } from "./components.js";

describe("a configuration is checked by the compiler", () => {
  test("right ones", () => {
    createPipeline(components, { seed: 1, penalty: { type: "mean-aleatoric", floor: 0.1 } });
    createPipeline(components, { penalty: { type: "mean-aleatoric" }, algorithm: { type: "uses-penalty" } });
    createPipeline(components, {
      penalty: {
        type: "sum",
        penalties: [{ type: "constant", value: 1 }, { type: "nothing" }],
        last: { type: "nothing" },
      },
    });
  });

  test("misspelt option", () => {
    // @ts-expect-error the option is called floor
    createPipeline(components, { penalty: { type: "mean-aleatoric", flor: 0.1 } });
  });

  test("misspelt type", () => {
    // @ts-expect-error no penalty has this type
    createPipeline(components, { penalty: { type: "mean-aleatorik" } });
  });

  test("misspelt kind", () => {
    // @ts-expect-error the kind is called penalty
    createPipeline(components, { penalti: { type: "mean-aleatoric" } });
  });

  test("wrong value", () => {
    // @ts-expect-error floor is a number
    createPipeline(components, { penalty: { type: "mean-aleatoric", floor: "high" } });
  });

  test("missing option", () => {
    // @ts-expect-error value has no default
    createPipeline(components, { penalty: { type: "constant" } });
  });

  test("option of another type", () => {
    // @ts-expect-error floor belongs to mean-aleatoric
    createPipeline(components, { penalty: { type: "constant", value: 1, floor: 1 } });
  });

  test("options of a component without options", () => {
    // @ts-expect-error nothing has no options
    createPipeline(components, { penalty: { type: "nothing", floor: 1 } });
  });

  test("misspelt option of a nested component", () => {
    // @ts-expect-error the nested option is called value
    createPipeline(components, { penalty: { type: "sum", penalties: [{ type: "constant", valu: 1 }] } });
  });

  test("component of another kind in a slot", () => {
    // @ts-expect-error uses-penalty is an algorithm
    createPipeline(components, { penalty: { type: "sum", penalties: [{ type: "uses-penalty" }] } });
  });
});

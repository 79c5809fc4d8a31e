import { createAutoEngine, createEagerEngine } from "@lowerbound/runtime";
import { afterAll, expect, it } from "vitest";
import { expectParity } from "../../../tools/parity/expect-parity.js";

const engine = createAutoEngine({ threads: 1, provider: "cpu" });
const eager = createEagerEngine("cpu", async () => "cpu");
afterAll(() => engine.dispose());

const file = (name: string): URL => new URL(`fixtures/ensemble-dynamics/${name}.json`, import.meta.url);

it.each(["elites", "loop-small", "steps-small", "steps-strong-decay"])("%s", async (name) => {
  await expectParity(file(name), engine);
});

it("steps-small, eagerly", async () => {
  expect(eager.name).toBe("cpu");
  await expectParity(file("steps-small"), eager);
});

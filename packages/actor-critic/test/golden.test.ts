import { createAutoEngine, createEagerEngine } from "@lowerbound/runtime";
import { afterAll, expect, it } from "vitest";
import { expectParity } from "../../../tools/parity/expect-parity.js";

const engine = createAutoEngine({ threads: 1, provider: "cpu" });
const eager = createEagerEngine("cpu", async () => "cpu");
afterAll(() => engine.dispose());

const file = (name: string): URL => new URL(`fixtures/${name}.json`, import.meta.url);

it.each([
  "sac/auto-alpha",
  "sac/alpha-clamp",
  "sac/clamped-std",
  "sac/fixed-alpha",
  "cql/basic",
  "cql/basic-all-samples",
  "cql/entropy-backup-one-sample",
  "cql/lagrange",
  "cql/max-q-backup",
  "mopo-rollout/ring-buffer",
])("%s", async (name) => {
  await expectParity(file(name), engine);
});

it("sac/auto-alpha, eagerly", async () => {
  expect(eager.name).toBe("cpu");
  await expectParity(file("sac/auto-alpha"), eager);
});

import type { Optimiser } from "@lowerbound/core";
import { createEagerEngine } from "@lowerbound/runtime";
import { optimiserConformance } from "@lowerbound/testing";
import { afterAll, describe, it } from "vitest";
import { z } from "zod";
import { conservativeHooks, conservativeShape, createSac, sacOptions } from "../src/index.js";
import { engine } from "./world.js";

afterAll(() => engine.dispose());
const eager = createEagerEngine("cpu", async () => "cpu");

describe.each([{ temperature: "auto", maximumAction: 1 } as const, { temperature: 0.2, maximumAction: 2.5 }])(
  "sac %o",
  (set) => {
    const make = () => createSac(sacOptions.parse({ hiddenSizes: [16, 16], ...set }));
    it.each(optimiserConformance({ make, maximumAction: set.maximumAction, engines: [engine, eager] }))(
      "$name",
      ({ run }) => run(),
    );
  },
);

/** SAC as an algorithm's hooks make it. */
function conservativeSac(set: { readonly backup: "plain" | "soft" | "maximum"; readonly lagrangeThreshold?: number }) {
  const sac = createSac(sacOptions.parse({ hiddenSizes: [16, 16] }));
  const options = z.object(conservativeShape).parse({ actionSamples: 3, ...set });
  const hooks = conservativeHooks({ ...options, weight: 2, pushDown: "softmax", compareWith: "model" });
  return (): Optimiser => ({
    ...sac,
    initialise: (dimensions, random) => sac.initialise(dimensions, random, hooks),
    update: (dimensions, batch) => sac.update(dimensions, batch, hooks),
  });
}

describe("sac with a falling step size", () => {
  const make = (): Optimiser => {
    const sac = createSac(sacOptions.parse({ hiddenSizes: [16, 16], actorSchedule: "cosine" }));
    return { ...sac, update: (dimensions, batch) => sac.update(dimensions, batch, { updates: 10 }) };
  };
  it.each(optimiserConformance({ make, maximumAction: 1, engines: [engine, eager] }))("$name", ({ run }) => run());
});

describe.each([{ backup: "plain", lagrangeThreshold: 5 } as const, { backup: "maximum" } as const])(
  "conservative sac %o",
  (set) => {
    it.each(optimiserConformance({ make: conservativeSac(set), maximumAction: 1, engines: [engine, eager] }))(
      "$name",
      ({ run }) => run(),
    );
  },
);

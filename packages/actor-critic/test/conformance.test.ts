import { createEagerEngine } from "@lowerbound/runtime";
import { optimiserConformance } from "@lowerbound/testing";
import { afterAll, describe, it } from "vitest";
import { createSac, sacOptions } from "../src/index.js";
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

import { expect, test } from "vitest";
import { planningDefaults } from "../src/plan/defaults.js";

test.each([
  [
    "the optimiser's",
    { algorithm: { type: "mopo", penaltyCoefficient: 2 }, optimiser: { type: "sac", maximumAction: 5 } },
  ],
  [
    "the algorithm's own",
    { algorithm: { type: "td3-bc", maximumAction: 5 }, optimiser: { type: "sac", maximumAction: 1 } },
  ],
])("a run is planned for within the box that its policy acts in: %s", (_, config) => {
  const { model } = planningDefaults(config, {});
  const prior = { type: "behaviour-cloning", policy: "gaussian", maximumAction: 5 };
  expect(model).toMatchObject({ type: "dynamics", maximumAction: 5, prior });
  expect(planningDefaults(config, { model: "simulator" }).model).toEqual({ type: "simulator" });
});

test("a run within the unit box has nothing said of it, so that what was fitted for it before serves", () => {
  const config = { algorithm: { type: "mopo", penaltyCoefficient: 2 }, penalty: { type: "max-aleatoric" } };
  expect(planningDefaults({ ...config, optimiser: { type: "sac", maximumAction: 1 } }, {}).model).toEqual({
    type: "dynamics",
    penaltyCoefficient: 2,
  });
});

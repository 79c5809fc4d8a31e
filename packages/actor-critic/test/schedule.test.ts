import { CapabilityError, drawNoise, hostFloat32, Random } from "@lowerbound/core";
import { afterAll, expect, test } from "vitest";
import { createSac, sacOptions } from "../src/index.js";
import { engine } from "./world.js";

afterAll(() => engine.dispose());

const dimensions = { observation: 3, action: 2 };
const batch = 8;
const updates = 20;
const optionsOf = (actorSchedule: "constant" | "cosine") =>
  sacOptions.parse({ hiddenSizes: [8], actorLearningRate: 0.01, actorSchedule });

/** How far an update after so many others moves the actor, and what the counter then says. */
async function step(actorSchedule: "constant" | "cosine", made: number) {
  const sac = createSac(optionsOf(actorSchedule));
  const program = await engine.compile(sac.update(dimensions, batch, { updates }));
  const state = new Map(Object.entries(sac.initialise(dimensions, Random.fromSeed(1))));
  if (actorSchedule === "cosine") state.set("updates", hostFloat32(Float32Array.of(made), 1));
  const before = state.get("actor")!.data.slice();
  const random = Random.fromSeed(2);
  const inputs = Object.entries(program.program.inputs).map(([name, { shape }]) => {
    const data = new Float32Array(shape.reduce((product, size) => product * size, 1));
    return [name, name === "termination" ? data : random.normal(data)] as const;
  });
  await program.run(state, { ...Object.fromEntries(inputs), ...drawNoise(random, program.program.noise) });
  const moves = Array.from(state.get("actor")!.data, (value, i) => value - before[i]!);
  await program.dispose();
  return { moves, counter: state.get("updates")?.data[0] };
}

test.each([
  [0, 1],
  [5, 0.5 * (1 + Math.SQRT1_2)],
  [10, 0.5],
  [20, 0],
])("after %i of 20 updates a cosine step is %f of a constant one", async (made, share) => {
  const [constant, cosine] = [await step("constant", made), await step("cosine", made)];
  expect(Math.max(...constant.moves.map(Math.abs))).toBeGreaterThan(1e-3);
  for (const [i, move] of cosine.moves.entries()) expect(move).toBeCloseTo(share * constant.moves[i]!, 6);
  expect(cosine.counter).toBe(made + 1);
  expect(constant.counter).toBeUndefined();
});

test("a trainer that does not say how many updates it makes is refused", () => {
  const sac = createSac(optionsOf("cosine"));
  expect(() => sac.update(dimensions, batch, {})).toThrow(CapabilityError);
});

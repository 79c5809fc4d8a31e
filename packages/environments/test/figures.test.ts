import { expect, test } from "vitest";
import { environmentComponents, environmentFactory, isSimulated, openFigure } from "../src/index.js";

async function firstPositions(type: string): Promise<{ id: string; qpos: Float64Array }> {
  const environment = await environmentFactory(type).create();
  if (!isSimulated(environment)) throw new Error(`the state of ${type} cannot be set`);
  environment.reset(1);
  const { qpos } = environment.snapshot().state;
  environment.close();
  return { id: environment.id, qpos: qpos! };
}

test.each(environmentComponents.map(({ type }) => type))("poses of %s can be drawn", async (type) => {
  const { id, qpos } = await firstPositions(type);
  const figure = await openFigure(id);
  const limbs = figure.limbs(qpos);
  expect(limbs.length).toBeGreaterThan(0);
  for (const { from, to, radius } of limbs) {
    expect([...from, ...to].every(Number.isFinite)).toBe(true);
    expect(radius).toBeGreaterThan(0);
    if (figure.ground !== undefined) expect(Math.min(from[1], to[1])).toBeGreaterThan(figure.ground - 0.05);
  }
  figure.close();
});

test("Hopper at rest stands upright where it is put: torso, thigh, leg and foot", async () => {
  const figure = await openFigure("Hopper-v5");
  const limbs = figure.limbs([3, 1.25, 0, 0, 0, 0]);
  const rounded = limbs.map(({ from, to }) => [from, to].map((end) => end.map((value) => Number(value.toFixed(3)))));
  expect(rounded).toEqual([
    [
      [3, 1.05],
      [3, 1.45],
    ],
    [
      [3, 0.6],
      [3, 1.05],
    ],
    [
      [3, 0.1],
      [3, 0.6],
    ],
    [
      [3.26, 0.1],
      [2.87, 0.1],
    ],
  ]);
  expect(() => figure.limbs([0, 1])).toThrow(/2 positions of a pose/);
  figure.close();
});

test("Pendulum is upright at 0 and hangs at half a turn; an unknown task is refused", async () => {
  const figure = await openFigure("Pendulum-v1");
  expect(figure.limbs([0])[0]?.to[1]).toBe(1);
  expect(figure.limbs([Math.PI])[0]?.to[1]).toBe(-1);
  await expect(openFigure("Own-v0")).rejects.toThrow(/no model is called "Own-v0"/);
});

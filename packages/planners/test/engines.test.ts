// Plans in fitted models of tokens: the compiled engine against TensorFlow.js in plain JavaScript.
import { type Engine, type HostTensors, type Planner, type PlanningModel, Random } from "@lowerbound/core";
import { createAutoEngine, createEagerEngine, loadCpu } from "@lowerbound/runtime";
import { playLine } from "@lowerbound/testing";
import { createLstm, createTransformer, lstmOptions, transformerOptions } from "@lowerbound/trajectory-transformer";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { beamSearchPlanner, cem, plannerPolicy } from "../src/index.js";
import { fitSequence, openSequence } from "./models.js";
import { make } from "./planners.js";

const compiled = createAutoEngine({ threads: 1, provider: "cpu" });
const eager = createEagerEngine("cpu", loadCpu);
const options = {
  transitions: 2,
  bins: 40,
  strategy: "uniform",
  layers: 1,
  embedding: 32,
  updates: 300,
  batchSize: 32,
  learningRate: 5e-3,
  dropout: 0,
  discount: 0.5,
};
const models = {
  transformer: createTransformer(transformerOptions.parse({ ...options, heads: 2 })),
  lstm: createLstm(lstmOptions.parse(options)),
};
const fitted: Record<string, HostTensors> = {};

beforeAll(async () => {
  for (const [name, model] of Object.entries(models)) fitted[name] = await fitSequence(compiled, model);
}, 120_000);
afterAll(() => compiled.dispose());

const open = (engine: Engine, name: string): PlanningModel => openSequence(engine, fitted[name]!);

/** What a model says, in numbers, of continuations of continuations, and of given actions. */
async function proposalsOf(engine: Engine, name: string): Promise<readonly number[]> {
  const model = open(engine, name);
  const proposals = model.proposals({ pessimism: "log-probability", random: Random.fromSeed(5) });
  const root = proposals.root({ observation: Float32Array.of(2, 0) });
  const first = (await proposals.expand([root], 3, Random.fromSeed(2)))[0]!;
  const second = (
    await proposals.expand(
      first.map(({ node }) => node),
      2,
      Random.fromSeed(3),
    )
  ).flat();
  const third = await proposals.advance([root, second[1]!.node], Float32Array.of(0.2, -0.7), Random.fromSeed(4));
  await model.close();
  return [first, second, third]
    .flat()
    .flatMap(({ action, logProbability, reward, value = 0 }) => [action[0]!, logProbability, reward, value]);
}

// Small: without compilation every token of every candidate takes its time.
const planners: Readonly<Record<string, Planner>> = {
  cem: make(cem, { horizon: 3, population: 20, iterations: 2 })("model"),
  "beam-search": make(beamSearchPlanner, { horizon: 3, beamWidth: 8, samples: 2 })("model"),
};

async function actionsOf(engine: Engine, name: string, planner: Planner): Promise<readonly number[]> {
  const model = open(engine, name);
  const { actions } = await playLine(
    plannerPolicy({ planner, model, replanEvery: 1 }) as Parameters<typeof playLine>[0],
    3,
  );
  await model.close();
  return actions;
}

describe.each(Object.keys(models))("in a fitted %s, the eager engine", (name) => {
  it("proposes what the compiled one does, at every depth", async () => {
    const [wanted, found] = [await proposalsOf(compiled, name), await proposalsOf(eager, name)];
    found.forEach((figure, at) => {
      expect(figure, `figure ${at}`).toBeCloseTo(wanted[at]!, 3);
    });
  }, 60_000);

  it.each(Object.keys(planners))(
    "acts as the compiled one, by %s",
    async (planner) => {
      const wanted = await actionsOf(compiled, name, planners[planner]!);
      const found = await actionsOf(eager, name, planners[planner]!);
      found.forEach((action, step) => {
        expect(action, `step ${step}`).toBeCloseTo(wanted[step]!, 3);
      });
    },
    120_000,
  );
});

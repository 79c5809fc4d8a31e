import * as tf from "@tensorflow/tfjs";
import { beforeAll, expect, it } from "vitest";
import { z } from "zod";
import {
  Algorithm,
  ConfigError,
  createUntypedPipeline,
  DynamicsModel,
  defineComponent,
  Engine,
  type PenaltyInputs,
  Termination,
  UncertaintyPenalty,
} from "../src/index.js";
import { base, dataset, density, dynamics, memoryStore } from "./pipeline-parts.js";

beforeAll(async () => {
  await tf.setBackend("cpu");
});

/** Calls each function once, on zeros. */
const tracing = defineComponent({
  kind: Engine,
  type: "traces",
  summary: "calls functions once",
  config: z.object({}),
  create: () => ({
    name: "traces",
    describe: () => ({}),
    compile: async (program) => {
      const specs = Object.entries({ ...program.state, ...program.inputs });
      const zeros = specs.map(([name, { shape }]) => [name, tf.zeros([...shape])] as const);
      program.fn(Object.fromEntries(zeros));
      return { program, outputs: {}, run: async () => ({}), dispose: async () => {} };
    },
    dispose: async () => {},
  }),
});

const algorithm = defineComponent({
  kind: Algorithm,
  type: "takes-both",
  summary: "takes penalty and rule",
  config: z.object({}),
  requires: [DynamicsModel],
  create: (_, { inject }) => {
    inject(UncertaintyPenalty);
    inject(Termination);
    return {
      train: async () => ({ tensors: {}, facts: {} }),
      policy: () => Promise.reject(new Error("no policy")),
    };
  },
});

const rowsOf = ({ action }: Pick<PenaltyInputs, "action">) => tf.sum(action, -1);

/** What a pipeline did until it ended or failed, and why it failed. */
async function outcomeOf(
  penalise: UncertaintyPenalty["penalise"],
  terminated: Termination["terminated"] = (inputs) => tf.greater(rowsOf(inputs), 1),
) {
  const store = memoryStore();
  const config = z.object({});
  const mine = { type: "mine", summary: "as it is given", config } as const;
  const penalty = defineComponent({ ...mine, kind: UncertaintyPenalty, create: () => ({ penalise }) });
  const rule = defineComponent({ ...mine, kind: Termination, create: () => ({ terminated }) });
  const parts = [algorithm, dynamics, density, dataset, tracing, store.component, penalty, rule];
  const pipeline = createUntypedPipeline(parts, {
    ...base,
    engine: { type: "traces" },
    algorithm: { type: "takes-both" },
    penalty: { type: "mine" },
    termination: { type: "mine" },
  });
  const failure = await pipeline.run({ directory: "d" }).then(
    () => "",
    (error: unknown) => String(error),
  );
  return { failure, events: store.events };
}

it("lets functions pass that give one answer a row", async () => {
  const { failure, events } = await outcomeOf(rowsOf);
  expect(failure).toBe("");
  expect(events).toContain("fit dynamics");
});

it("refuses a penalty of another shape before anything is fitted, or the run made", async () => {
  expect(await outcomeOf(({ action }) => action)).toEqual({
    failure: expect.stringContaining("penalty: u has the shape [3, 1]"),
    events: [],
  });
});

it("refuses a rule of another shape before anything is fitted, or the run made", async () => {
  expect(await outcomeOf(rowsOf, ({ action }) => tf.greater(action, 1))).toEqual({
    failure: expect.stringContaining("termination: terminated has the shape [3, 1]"),
    events: [],
  });
});

it("passes on a rule's own refusal of the observations", async () => {
  const refusing = () => {
    throw new ConfigError("not written for observations of length 1", { where: "termination.type" });
  };
  expect(await outcomeOf(rowsOf, refusing)).toEqual({ failure: expect.stringContaining("of length 1"), events: [] });
});

it("leaves other failures to training, since they may be those of made-up rows", async () => {
  const { failure } = await outcomeOf(({ meanObservation }) => tf.reshape(meanObservation, [5, 99]));
  expect(failure).toBe("");
});

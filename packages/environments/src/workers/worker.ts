import { parentPort, workerData } from "node:worker_threads";
import { type Environment, LowerboundError, type Policy } from "@lowerbound/core";
import { shareMujoco } from "../mujoco/module.js";
import { resetLanes, stepLanes } from "../rollout/lanes.js";
import { recordEpisode } from "../rollout/record-episode.js";
import { factoryOf, policyOf } from "./make.js";
import type { Answer, Envelope, MadeLanes, Parameters, Reply, TaskName } from "./messages.js";

let lanes: readonly Environment[] = [];
let recorder: { readonly environment: Environment; readonly policy: Policy } | undefined;

async function make({ recipe, count }: Parameters<"make">): Promise<MadeLanes> {
  for (const environment of lanes) environment.close();
  const factory = await factoryOf(recipe);
  lanes = await Promise.all(Array.from({ length: count }, () => factory.create()));
  const { observationSpace, actionSpace, timeLimit } = lanes[0]!;
  return { observationSpace, actionSpace, timeLimit };
}

async function prepare({ recipe, policy }: Parameters<"prepare">): Promise<undefined> {
  recorder?.environment.close();
  await recorder?.policy.close();
  const factory = await factoryOf(recipe);
  recorder = { environment: await factory.create(), policy: await policyOf(policy) };
}

async function record({ episode, options }: Parameters<"record">): Promise<Answer<"record">> {
  if (recorder === undefined) throw new LowerboundError("the worker thread was not told what to record");
  return recordEpisode(recorder.policy, recorder.environment, episode, options);
}

async function answer(envelope: Envelope): Promise<Answer<TaskName>> {
  const pick = (indices: readonly number[]) => indices.map((index) => lanes[index]!);
  switch (envelope.task) {
    case "make":
      return make(envelope.parameters);
    case "reset":
      return resetLanes(pick(envelope.parameters.lanes), envelope.parameters.seeds);
    case "step":
      return stepLanes(pick(envelope.parameters.lanes), envelope.parameters.actions);
    case "prepare":
      return prepare(envelope.parameters);
    case "record":
      return record(envelope.parameters);
  }
}

function send(reply: Reply): void {
  parentPort?.postMessage(reply);
}

shareMujoco(workerData.mujoco);
parentPort?.on("message", (envelope: Envelope) => {
  const { id } = envelope;
  answer(envelope).then(
    (value) => send({ id, ok: true, answer: value }),
    (error: unknown) => send({ id, ok: false, message: error instanceof Error ? error.message : String(error) }),
  );
});

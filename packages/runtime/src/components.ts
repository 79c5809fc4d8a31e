import { type AnyComponent, defineComponent, Engine } from "@lowerbound/core";
import { z } from "zod";
import { cpu, eagerComponent } from "./eager/components.js";
import { loadTfjsNode } from "./eager/tfjs-node.js";
import { loadWasmFromPackage } from "./eager/wasm-node.js";
import { createAutoEngine } from "./session/auto.js";
import { physicalCores } from "./session/cores.js";
import { createOnnxEngine, type OnnxOptions } from "./session/engine.js";
import { loadNative } from "./session/native.js";
import { loadWeb } from "./session/web.js";

const shared = {
  threads: z.int().nonnegative().default(0).describe("threads inside an operator; 0: one a physical core"),
  provider: z.enum(["cpu", "cuda", "webgpu"]).default("cpu").describe("onnxruntime's execution provider"),
};
const OnnxConfig = z.object({
  ...shared,
  spinning: z
    .boolean()
    .default(true)
    .describe("threads wait for work at full speed while a program runs: faster, unless other work wants the cores"),
});

type Config = z.output<typeof OnnxConfig>;
const resolved = ({ threads, ...rest }: Config): OnnxOptions => ({ threads: threads || physicalCores(), ...rest });

export const onnx = defineComponent({
  kind: Engine,
  type: "onnx",
  summary: "compiled to one ONNX graph, run by onnxruntime-node",
  config: OnnxConfig,
  create: (config) => createOnnxEngine("onnx", loadNative, resolved(config)),
});

export const onnxWeb = defineComponent({
  kind: Engine,
  type: "onnx-web",
  summary: "compiled to one ONNX graph, run by onnxruntime-web's WebAssembly",
  config: z.object({
    threads: z
      .int()
      .nonnegative()
      .default(1)
      .describe("threads inside an operator, set for all sessions by the first; 0: one a physical core"),
  }),
  create: ({ threads }) => createOnnxEngine("onnx-web", loadWeb, { threads: threads || physicalCores() }),
});

export const auto = defineComponent({
  kind: Engine,
  type: "auto",
  summary: "onnx where onnxruntime-node is installed, otherwise onnx-web",
  config: OnnxConfig,
  create: (config) => createAutoEngine(resolved(config)),
});

export { cpu };

export const tfjsNode = eagerComponent("tfjs-node", "eager, on TensorFlow's C++ library", loadTfjsNode);
export const wasm = eagerComponent("wasm", "eager, on TensorFlow.js's WebAssembly backend", loadWasmFromPackage);

export const engines: readonly AnyComponent[] = [auto, onnx, onnxWeb, tfjsNode, wasm, cpu];

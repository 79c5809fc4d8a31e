import type { AnyComponent, CompiledProgram, Params } from "@lowerbound/core";
import { defineComponent, Engine } from "@lowerbound/core";
import type { Tensor } from "@tensorflow/tfjs";
import { z } from "zod";
import { loadWasm } from "./eager/backends.js";
import { cpu, eagerComponent } from "./eager/components.js";
import { programOf, type Signature } from "./program.js";
import { createOnnxEngine, type OnnxOptions } from "./session/engine.js";
import { loadWeb } from "./session/web.js";

export { loadCpu, loadWasm } from "./eager/backends.js";
export { type BackendLoader, createEagerEngine } from "./eager/eager.js";
export type { Graph, Node, Value } from "./graph/graph.js";
export { matrixProductsOf } from "./graph/matrix-products.js";
export type { Signature } from "./program.js";
export { createOnnxEngine, type ExecutionProvider, type OnnxOptions } from "./session/engine.js";
export { compileGraph } from "./session/session.js";
export { cpu, loadWeb };

const Config = z.object({
  threads: z
    .int()
    .positive()
    .default(1)
    .describe("threads inside an operator; more than 1 needs cross-origin isolation"),
  provider: z.enum(["cpu", "webgpu"]).default("cpu").describe("onnxruntime's execution provider; cpu is WebAssembly"),
});

/** The compiled engine of a browser: onnxruntime-web. */
export const createAutoEngine = (options: OnnxOptions): Engine => createOnnxEngine("onnx-web", loadWeb, options);

export const onnxWeb = defineComponent({
  kind: Engine,
  type: "onnx-web",
  summary: "compiled to one ONNX graph, run by onnxruntime-web",
  config: Config,
  create: createAutoEngine,
});

export const auto = defineComponent({
  kind: Engine,
  type: "auto",
  summary: "onnx-web, the compiled engine of a browser",
  config: Config,
  create: createAutoEngine,
});

export const wasm = eagerComponent("wasm", "eager, on TensorFlow.js's WebAssembly backend", () => loadWasm());

export const engines: readonly AnyComponent[] = [auto, onnxWeb, wasm, cpu];

/** Compile a tensor function to one graph and run it in onnxruntime-web; see the Node entry's function of this name. */
export const compile = (
  fn: (tensors: Params) => Record<string, Tensor>,
  signature: Signature,
): Promise<CompiledProgram> => createAutoEngine({ threads: 1 }).compile(programOf(fn, signature));

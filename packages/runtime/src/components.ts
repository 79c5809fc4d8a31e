import { type AnyComponent, CapabilityError, defineComponent, Engine } from "@lowerbound/core";
import { z } from "zod";
import { loadCpu, loadWasm } from "./eager/backends.js";
import { createEagerEngine } from "./eager/eager.js";
import { loadTfjsNode } from "./eager/tfjs-node.js";
import { createOnnxEngine, loadNative, loadWeb, type OnnxOptions } from "./session/runtimes.js";

const OnnxConfig = z.object({
  threads: z.int().nonnegative().default(0).describe("threads inside an operator; 0: one a core"),
  provider: z.enum(["cpu", "cuda", "webgpu"]).default("cpu").describe("onnxruntime's execution provider"),
});

export const onnx = defineComponent({
  kind: Engine,
  type: "onnx",
  summary: "compiled to one ONNX graph, run by onnxruntime-node",
  config: OnnxConfig,
  create: (options) => createOnnxEngine("onnx", loadNative, options),
});

export const onnxWeb = defineComponent({
  kind: Engine,
  type: "onnx-web",
  summary: "compiled to one ONNX graph, run by onnxruntime-web's WebAssembly",
  config: z.object({}),
  create: () => createOnnxEngine("onnx-web", loadWeb, { threads: 1, provider: "cpu" }),
});

export const auto = defineComponent({
  kind: Engine,
  type: "auto",
  summary: "onnx where onnxruntime-node is installed, otherwise onnx-web",
  config: OnnxConfig,
  create: (options) => createAutoEngine(options),
});

export const tfjsNode = eager("tfjs-node", "eager, on TensorFlow's C++ library", loadTfjsNode);
export const wasm = eager("wasm", "eager, on TensorFlow.js's WebAssembly backend", loadWasm);
export const cpu = eager("cpu", "eager, in plain JavaScript", loadCpu);

function eager<const Type extends string>(type: Type, summary: string, load: () => Promise<string>) {
  return defineComponent({
    kind: Engine,
    type,
    summary,
    config: z.object({}),
    create: () => createEagerEngine(type, load),
  });
}

/** The compiled engine on the fastest onnxruntime there is. */
export function createAutoEngine(options: OnnxOptions): Engine {
  let told = false;
  const load = async () => {
    try {
      return await loadNative();
    } catch (error) {
      if (!(error instanceof CapabilityError)) throw error;
      if (!told) process.emitWarning(`${error.message}\nUsing onnxruntime-web, which is slower.`, "LowerboundWarning");
      told = true;
      return await loadWeb();
    }
  };
  return createOnnxEngine("onnx", load, options);
}

export const engines: readonly AnyComponent[] = [auto, onnx, onnxWeb, tfjsNode, wasm, cpu];

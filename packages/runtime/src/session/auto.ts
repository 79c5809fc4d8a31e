import { CapabilityError, type Engine } from "@lowerbound/core";
import { createOnnxEngine, type OnnxOptions } from "./engine.js";
import { loadNative } from "./native.js";
import type { OnnxRuntime } from "./onnx-runtime.js";
import { loadWeb } from "./web.js";

let told = false;

/** The compiled engine on the fastest onnxruntime there is; says once, as a warning, where that is the slower one. */
export const createAutoEngine = (options: OnnxOptions): Engine => createOnnxEngine("onnx", loadEither, options);

async function loadEither(threads: number): Promise<OnnxRuntime> {
  try {
    return await loadNative();
  } catch (error) {
    if (!(error instanceof CapabilityError)) throw error;
    if (!told) process.emitWarning(`${error.message}\nUsing onnxruntime-web, which is slower.`, "LowerboundWarning");
    told = true;
    return await loadWeb(threads);
  }
}

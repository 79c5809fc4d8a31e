import { CapabilityError } from "@lowerbound/core";
import { canStop } from "./fill.js";
import type { OnnxRuntime } from "./onnx-runtime.js";

/** onnxruntime's own library. @throws CapabilityError where `onnxruntime-node` is not installed or cannot be loaded. */
export async function loadNative(): Promise<OnnxRuntime> {
  try {
    const module = await import("onnxruntime-node");
    const { InferenceSession, Tensor } = module.default ?? module;
    const fillsGiven = await canStop({ InferenceSession, Tensor });
    return { name: "onnxruntime-node", fillsGiven, InferenceSession, Tensor };
  } catch (cause) {
    throw new CapabilityError("onnxruntime-node cannot be loaded", {
      remedy: "npm install onnxruntime-node --ignore-scripts, or choose --engine onnx-web",
      cause,
    });
  }
}

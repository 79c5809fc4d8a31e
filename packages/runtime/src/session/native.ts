import { CapabilityError } from "@lowerbound/core";
import type { OnnxRuntime } from "./onnx-runtime.js";

/** onnxruntime's own library. @throws CapabilityError where `onnxruntime-node` is not installed or cannot be loaded. */
export async function loadNative(): Promise<OnnxRuntime> {
  try {
    const module = await import("onnxruntime-node");
    const { InferenceSession, Tensor } = module.default ?? module;
    return { name: "onnxruntime-node", fillsOutputs: true, InferenceSession, Tensor };
  } catch (cause) {
    throw new CapabilityError("onnxruntime-node cannot be loaded", {
      remedy: "npm install onnxruntime-node --ignore-scripts, or choose --engine onnx-web",
      cause,
    });
  }
}

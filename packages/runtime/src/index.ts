export { auto, cpu, createAutoEngine, engines, onnx, onnxWeb, tfjsNode, wasm } from "./components.js";
export { createEagerEngine } from "./eager/eager.js";
export { createOnnxEngine, loadNative, loadWeb, type OnnxOptions } from "./session/runtimes.js";
export { compileGraph } from "./session/session.js";

import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { loadWasm } from "./backends.js";

/** The WebAssembly backend with the modules of its npm package. */
export const loadWasmFromPackage = (): Promise<string> =>
  loadWasm(join(dirname(createRequire(import.meta.url).resolve("@tensorflow/tfjs-backend-wasm")), "/"));

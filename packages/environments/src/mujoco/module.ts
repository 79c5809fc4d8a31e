import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { CapabilityError } from "@lowerbound/core";
import loadModule, { type MainModule } from "@mujoco/mujoco";

/** The engine's compiled code; threads can send it to each other. */
export type CompiledMujoco = object;

/** What is used of the global that TypeScript declares with the browser's library only. */
interface Compiler {
  compile(bytes: Uint8Array): Promise<CompiledMujoco>;
  instantiate(code: CompiledMujoco, imports: object): Promise<object>;
}

let compiled: Promise<CompiledMujoco> | undefined;
let instance: Promise<MainModule> | undefined;

/** Compile the engine once a process: that costs most of the loading time. */
export function compileMujoco(): Promise<CompiledMujoco> {
  compiled ??= readFile(createRequire(import.meta.url).resolve("@mujoco/mujoco/mujoco.wasm")).then((bytes) =>
    compiler().compile(bytes),
  );
  return compiled;
}

/** Use code compiled by another thread; call it before the first environment is made. */
export function shareMujoco(code: CompiledMujoco): void {
  compiled = Promise.resolve(code);
}

/**
 * This thread's MuJoCo, loaded once.
 *
 * @throws CapabilityError where WebAssembly cannot run the engine.
 */
export function loadMujoco(): Promise<MainModule> {
  instance ??= compileMujoco().then(instantiate).catch(refuse);
  return instance;
}

function instantiate(code: CompiledMujoco): Promise<MainModule> {
  return new Promise((resolve, reject) => {
    const instantiateWasm = (imports: object, use: (made: object, code: CompiledMujoco) => void) => {
      compiler()
        .instantiate(code, imports)
        .then((made) => use(made, code), reject);
      return {};
    };
    loadModule({ instantiateWasm }).then(resolve, reject);
  });
}

function compiler(): Compiler {
  const { WebAssembly } = globalThis as typeof globalThis & { WebAssembly?: Compiler };
  if (WebAssembly === undefined) throw new Error("there is no WebAssembly here");
  return WebAssembly;
}

function refuse(cause: unknown): never {
  throw new CapabilityError("MuJoCo's WebAssembly code does not load", {
    where: "@mujoco/mujoco/mujoco.wasm",
    remedy: "install @mujoco/mujoco 3.14.0 again",
    cause,
  });
}

import { createRequire } from "node:module";
import { pathToFileURL } from "node:url";
import { CapabilityError } from "@lowerbound/core";
import * as tf from "@tensorflow/tfjs";

/**
 * TensorFlow's C++ library through `@tensorflow/tfjs-node`, where it is installed, or from the folder that the
 * environment variable LOWERBOUND_TFJS_NODE names (see tools/tfjs-node).
 * @throws CapabilityError where it cannot be loaded.
 */
export async function loadTfjsNode(): Promise<string> {
  if (tf.findBackend("tensorflow") !== null) return "tensorflow";
  shimUtil();
  const folder = process.env.LOWERBOUND_TFJS_NODE;
  try {
    if (folder === undefined) await import("@tensorflow/tfjs-node" as string);
    else createRequire(pathToFileURL(`${folder}/`))("@tensorflow/tfjs-node");
  } catch (cause) {
    throw new CapabilityError("@tensorflow/tfjs-node cannot be loaded", {
      remedy: "npm install @tensorflow/tfjs-node, or build it with tools/tfjs-node and set LOWERBOUND_TFJS_NODE",
      cause,
    });
  }
  if (tf.findBackend("tensorflow") !== null) return "tensorflow";
  throw new CapabilityError("@tensorflow/tfjs-node uses another copy of @tensorflow/tfjs", {
    remedy: "install both at the same version, so that npm keeps one copy",
  });
}

/** tfjs-node 4.22 calls predicates that Node 23 took out of `node:util`. */
function shimUtil(): void {
  const target = createRequire(import.meta.url)("node:util") as Record<string, unknown>;
  target.isNullOrUndefined ??= (value: unknown) => value === null || value === undefined;
  target.isArray ??= Array.isArray;
  target.isString ??= (value: unknown) => typeof value === "string";
  target.isNumber ??= (value: unknown) => typeof value === "number";
}

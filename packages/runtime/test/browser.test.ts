import { readFileSync } from "node:fs";
import { float32 } from "@lowerbound/core";
import * as tf from "@tensorflow/tfjs";
import { expect, test } from "vitest";
import { compile, engines } from "../src/browser.js";

/** Everything that a file imports, followed through the package's own files. */
function importsOf(file: URL, seen = new Set<string>()): Set<string> {
  for (const [, name = ""] of readFileSync(file, "utf8").matchAll(/(?:from|import\()\s*"([^"]+)"/g)) {
    if (seen.has(name)) continue;
    seen.add(name);
    if (name.startsWith(".")) importsOf(new URL(name.replace(/\.js$/, ".ts"), file), seen);
  }
  return seen;
}

test("the browser's entry reaches no module of Node, and no native library", () => {
  const found = [...importsOf(new URL("../src/browser.ts", import.meta.url))];
  expect(found).toContain("onnxruntime-web");
  expect(found.filter((name) => name.startsWith("node:") || name.endsWith("-node"))).toEqual([]);
});

test("it compiles and runs", async () => {
  expect(engines.map(({ type }) => type)).toEqual(["auto", "onnx-web", "wasm", "cpu"]);
  const square = await compile(({ x }) => ({ y: tf.square(x!) }), { inputs: { x: float32(3) } });
  const { y } = await square.run(new Map(), { x: Float32Array.of(1, 2, 3) });
  expect([...y!.data]).toEqual([1, 4, 9]);
});

import { fileURLToPath } from "node:url";
import type { Engine } from "@lowerbound/core";
import { expect } from "vitest";
import { judge } from "./run-parity.js";

/** Expect the code to pass a golden file, as `npm run parity` judges it; a failure shows the worst entries. */
export async function expectParity(manifest: URL, engine: Engine): Promise<void> {
  const { verdict, lines } = await judge(fileURLToPath(manifest), engine);
  expect(lines.join("\n")).toBe("");
  expect(verdict).toBe("passed");
}

import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { z } from "zod";
import { root } from "../workspace/packages.js";

const versions = z.record(z.string(), z.string()).default({});
const lockSchema = z.object({ packages: z.record(z.string(), z.looseObject({ optionalDependencies: versions })) });

// npm leaves out a binary that its registry lacks, and `npm ci` then refuses the lock file on every machine.
it("locks the optional binaries of every platform", () => {
  const { packages } = lockSchema.parse(JSON.parse(readFileSync(join(root, "package-lock.json"), "utf8")));
  const locked = Object.keys(packages);
  const missing = Object.entries(packages).flatMap(([owner, { optionalDependencies }]) =>
    Object.keys(optionalDependencies)
      .filter((name) => !locked.some((path) => path.endsWith(`node_modules/${name}`)))
      .map((name) => `${name} of ${owner}`),
  );
  expect(missing).toEqual([]);
});

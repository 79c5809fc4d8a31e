import { expect, it } from "vitest";
import type { Manifest, WorkspacePackage } from "../workspace/packages.js";
import { closure } from "../workspace/packages.js";
import { publishedManifest } from "./stage.js";

function manifest(name: string, more: Partial<Manifest> = {}): Manifest {
  return {
    name: `@lowerbound/${name}`,
    version: "0.2.0",
    files: ["dist"],
    dependencies: {},
    optionalDependencies: {},
    peerDependencies: {},
    ...more,
  };
}

function workspacePackage(short: string, more: Partial<Manifest> = {}): WorkspacePackage {
  return { short, directory: short, manifest: manifest(short, more) };
}

const core = workspacePackage("core");

it("strips what only this workspace can use", () => {
  const own = manifest("nn", {
    dependencies: { "@lowerbound/core": "0.0.0", pbf: "^5.1.2" },
    exports: {
      ".": { "@lowerbound/source": "./src/index.ts", types: "./dist/index.d.ts", default: "./dist/index.js" },
      "./package.json": "./package.json",
    },
    scripts: { build: "tsc" },
    devDependencies: { vitest: "^4.0.0" },
  });
  expect(publishedManifest(own, [core])).toEqual({
    name: "@lowerbound/nn",
    version: "0.2.0",
    files: ["dist"],
    dependencies: { "@lowerbound/core": "0.2.0", pbf: "^5.1.2" },
    exports: {
      ".": { types: "./dist/index.d.ts", default: "./dist/index.js" },
      "./package.json": "./package.json",
    },
  });
});

it("finds a package's closure through its siblings", () => {
  const nn = workspacePackage("nn", { dependencies: { "@lowerbound/core": "0.2.0" } });
  const mopo = workspacePackage("mopo", { dependencies: { "@lowerbound/nn": "0.2.0" } });
  const alone = workspacePackage("alone");
  expect(closure(mopo, [alone, core, mopo, nn]).map(({ short }) => short)).toEqual(["mopo", "nn", "core"]);
});

it("names a sibling that is not there", () => {
  const nn = workspacePackage("nn", { dependencies: { "@lowerbound/core": "0.2.0" } });
  expect(() => closure(nn, [nn])).toThrow("@lowerbound/nn depends on @lowerbound/core");
});

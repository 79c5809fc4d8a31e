import { existsSync, readFileSync } from "node:fs";
import { basename, join, relative } from "node:path";
import { describe, expect, it } from "vitest";
import { typescriptFiles } from "../workspace/files.js";
import { importedBy, importedPackages } from "../workspace/imports.js";
import { closure, readPackages, root, scope, siblings, type WorkspacePackage } from "../workspace/packages.js";
import { readmeExample } from "../workspace/readme.js";
import { importProblem, levelOf } from "./layers.js";

const longestFile = 220;
const packages = readPackages();
const rootManifest = JSON.parse(readFileSync(join(root, "package.json"), "utf8")) as { devDependencies: object };

/** Nothing to report; a failure shows every line. */
const expectNone = (problems: readonly string[]) => expect(problems.join("\n")).toBe("");
const sources = (each: WorkspacePackage) => typescriptFiles(join(each.directory, "src"));
const shortPath = (file: string) => relative(root, file);

describe.each(packages)("$manifest.name", (each) => {
  it("imports along the declared direction", () => {
    const problems = sources(each).flatMap((file) =>
      importedPackages(file)
        .filter((name) => name.startsWith(scope))
        .map((name) => importProblem(each.short, name.slice(scope.length)))
        .filter((problem) => problem !== undefined)
        .map((problem) => `${shortPath(file)}: ${problem}`),
    );
    expectNone(problems);
  });

  it("depends along the declared direction", () => {
    expectNone(siblings(each).flatMap((name) => importProblem(each.short, name) ?? []));
  });

  it("declares what its source imports", () => {
    const { dependencies, optionalDependencies, peerDependencies } = each.manifest;
    const declared = { ...dependencies, ...optionalDependencies, ...peerDependencies };
    const missing = sources(each).flatMap((file) =>
      importedPackages(file)
        .filter((name) => !(name in declared))
        .map((name) => `${shortPath(file)} imports ${name}: add it to ${each.short}/package.json`),
    );
    expectNone(missing);
  });

  it("imports what it depends on, in its source or its example", () => {
    const readme = join(each.directory, "README.md");
    const shown = existsSync(readme) ? importedBy(readmeExample(readme)) : [];
    const imported = new Set([...sources(each).flatMap(importedPackages), ...shown]);
    // A dependency may also stand there to satisfy a sibling's peer.
    const peers = new Set(
      closure(each, packages).flatMap(({ manifest, short }) =>
        short === each.short ? [] : Object.keys(manifest.peerDependencies),
      ),
    );
    const unused = Object.keys(each.manifest.dependencies).filter((name) => !imported.has(name) && !peers.has(name));
    expectNone(unused);
  });

  it("passes on the peers of what it depends on", () => {
    const own = { ...each.manifest.dependencies, ...each.manifest.peerDependencies };
    const missing = closure(each, packages).flatMap(({ manifest }) =>
      Object.keys(manifest.peerDependencies)
        .filter((peer) => !peer.endsWith("/tfjs-node") && !(peer in own))
        .map((peer) => `${peer}, a peer of ${manifest.name}`),
    );
    expectNone(missing);
  });

  it("uses in tests only what is declared here or in the root's devDependencies", () => {
    const own = { ...each.manifest.dependencies, ...each.manifest.optionalDependencies };
    const declared = { ...own, ...each.manifest.peerDependencies, ...rootManifest.devDependencies };
    const undeclared = typescriptFiles(join(each.directory, "test")).flatMap((file) =>
      importedPackages(file)
        .filter((name) => !name.startsWith(scope) && !(name in declared))
        .map((name) => `${shortPath(file)} imports ${name}`),
    );
    expectNone(undeclared);
  });

  it("has an index and a README with one runnable example", () => {
    expect(existsSync(join(each.directory, "src", "index.ts"))).toBe(true);
    expect(readmeExample(join(each.directory, "README.md"))).toMatch(/console\.log|process\.stdout/);
  });

  it("has tests", () => {
    expect(typescriptFiles(join(each.directory, "test")).filter((file) => file.endsWith(".test.ts"))).not.toEqual([]);
  });
});

it("names each package in the README's table", () => {
  const text = readFileSync(join(root, "README.md"), "utf8");
  const named = [...text.matchAll(/^\| \[`([a-z-]+)`\]\(packages\/\1\)/gm)].map(([, name]) => name);
  expect(named.sort()).toEqual(packages.map(({ directory }) => basename(directory)).sort());
});

it(`keeps every file within ${longestFile} lines`, () => {
  const folders = ["packages", "tools", "bench", "examples"].map((name) => join(root, name));
  const long = folders
    .flatMap(typescriptFiles)
    .map((file) => ({ file: shortPath(file), lines: readFileSync(file, "utf8").trimEnd().split("\n").length }))
    .filter(({ lines }) => lines > longestFile)
    .map(({ file, lines }) => `${file} has ${lines} lines`);
  expectNone(long);
});

describe("the rules themselves", () => {
  it.each([
    ["core", "nn"],
    ["nn", "runtime"],
    ["actor-critic", "dynamics-ensemble"],
    ["mopo", "uncertainty-penalties"],
    ["standard", "recipes"],
    ["cli", "testing"],
    ["new-package", "core"],
    ["nn", "nn"],
  ])("refuse %s importing %s", (from, to) => {
    expect(importProblem(from, to)).toBeTypeOf("string");
  });

  it.each([
    ["nn", "core"],
    ["mopo", "actor-critic"],
    ["cli", "standard"],
    ["testing", "environments"],
  ])("let %s import %s", (from, to) => {
    expect(importProblem(from, to)).toBeUndefined();
  });

  it("see every form of import", () => {
    const text = `import a from "a"; import type { B } from "@b/b/deep"; export * from "c"; const d = await import("d");
      import "node:fs"; import "fs"; import "./own.js"; type E = import("e").E;`;
    expect(importedBy(text).sort()).toEqual(["@b/b", "a", "c", "d", "e"]);
  });

  it("know each package", () => {
    expect(packages.map(({ short }) => [short, levelOf(short)]).filter(([, level]) => level === -1)).toEqual([]);
  });
});

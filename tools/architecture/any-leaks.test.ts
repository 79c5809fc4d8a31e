import { join, relative } from "node:path";
import ts from "typescript";
import { expect, it } from "vitest";
import { readPackages, root } from "../workspace/packages.js";

/** Declarations that the packages would publish, by source file. */
function declarations(entries: string[]): Map<string, string> {
  const { config } = ts.readConfigFile(join(root, "tsconfig.json"), ts.sys.readFile);
  const { options } = ts.parseJsonConfigFileContent(config, ts.sys, root);
  const program = ts.createProgram(entries, { ...options, noEmit: false, emitDeclarationOnly: true, sourceMap: false });
  const texts = new Map<string, string>();
  program.emit(undefined, (_, text, __, ___, files) => {
    const file = files?.[0]?.fileName;
    if (file?.startsWith(join(root, "packages"))) texts.set(relative(root, file), text);
  });
  return texts;
}

function linesWithAny(file: string, text: string): string[] {
  const source = ts.createSourceFile(file, text, ts.ScriptTarget.Latest, true);
  const lines: string[] = [];
  const visit = (node: ts.Node): void => {
    if (node.kind === ts.SyntaxKind.AnyKeyword) lines.push(`${file}: ${node.parent.getText(source)}`);
    ts.forEachChild(node, visit);
  };
  visit(source);
  return lines;
}

// A linter sees the `any` that is written; this sees the one that is inferred, out of JSON.parse for one.
it("publishes no declaration that holds `any`", { timeout: 600_000 }, () => {
  const texts = declarations(readPackages().map(({ directory }) => join(directory, "src", "index.ts")));
  expect([...texts].flatMap(([file, text]) => linesWithAny(file, text)).join("\n")).toBe("");
  expect(texts.size).toBeGreaterThan(10);
});

it("finds an inferred `any`", () => {
  expect(linesWithAny("a.ts", "export declare const read: (text: string) => any;")).toHaveLength(1);
});

import { readdirSync } from "node:fs";
import { join, relative } from "node:path";
import { readPackages, root } from "../workspace/packages.js";
import { type CodeBlock, codeBlocks } from "../workspace/readme.js";
import { type Setting, settings } from "./settings.js";

/** A ```ts block of the root's pages, or one after the first of a package's; its first line says `// example: NAME`. */
export interface Example extends CodeBlock {
  readonly name: string;
  readonly where: string;
}

const pages = ["README.md", "CONTRIBUTING.md"];

export function examples(): Example[] {
  const docs = readdirSync(join(root, "docs"), { recursive: true, encoding: "utf8" });
  const files = [...pages, ...docs.filter((name) => name.endsWith(".md")).map((name) => join("docs", name))];
  const blocks = files.flatMap((file) => codeBlocks(join(root, file)));
  // The first is run on the package as it is published.
  const more = readPackages().flatMap(({ directory }) => codeBlocks(join(directory, "README.md")).slice(1));
  return [...blocks, ...more].map((block) => ({
    ...block,
    name: /^\/\/ example: (\S+)$/m.exec(block.code.split("\n")[0] ?? "")?.[1] ?? "",
    where: `${relative(root, block.file)}:${block.line}`,
  }));
}

/** How an example is run in a test; every example has an entry. */
export function settingOf({ name, where }: Example): Setting {
  const setting = settings[name];
  if (setting !== undefined) return setting;
  throw new Error(`${where}: "${name}" has no entry in tools/docs-test/settings.ts; begin it with // example: NAME`);
}

/** The code with the sizes of a real run put down to those of a test; each must be found. */
export function scaledDown({ code, where }: Example, { replace }: Setting): string {
  return replace.reduce((text, [from, to]) => {
    if (!text.includes(from)) throw new Error(`${where}: no ${from} to put down to ${to}`);
    return text.replaceAll(from, to);
  }, code);
}

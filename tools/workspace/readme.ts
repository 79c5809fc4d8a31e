import { readFileSync } from "node:fs";

/** A block fenced as ```ts in a Markdown file. */
export interface CodeBlock {
  readonly file: string;
  /** Line of the opening fence, from 1. */
  readonly line: number;
  readonly code: string;
}

export function codeBlocks(file: string): CodeBlock[] {
  const text = readFileSync(file, "utf8");
  return [...text.matchAll(/^```ts\n([\s\S]*?)^```$/gm)].map((match) => ({
    file,
    line: text.slice(0, match.index).split("\n").length,
    code: match[1] ?? "",
  }));
}

/** The example of a package: the first ```ts block of its README. */
export function readmeExample(file: string): string {
  const block = codeBlocks(file)[0];
  if (block === undefined) throw new Error(`${file}: no \`\`\`ts block; a README shows one runnable example`);
  return block.code;
}

import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";

const skipped = new Set(["node_modules", "dist", "fixtures", "coverage", ".cache"]);

/** TypeScript files below a folder; none when the folder is not there. */
export function typescriptFiles(folder: string): string[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return skipped.has(entry.name) ? [] : typescriptFiles(path);
    return /\.m?ts$/.test(entry.name) ? [path] : [];
  });
}

import { readFileSync } from "node:fs";
import { isBuiltin } from "node:module";
import ts from "typescript";

/** Packages that a file imports: static, dynamic and type-only imports alike, without Node's own modules. */
export function importedPackages(file: string): string[] {
  return importedBy(readFileSync(file, "utf8"));
}

/** The same for a source text. */
export function importedBy(text: string): string[] {
  const specifiers = ts.preProcessFile(text, true, true).importedFiles.map(({ fileName }) => fileName);
  const packages = specifiers.filter((name) => !name.startsWith(".") && !isBuiltin(name)).map(packageOf);
  return [...new Set(packages)];
}

function packageOf(specifier: string): string {
  const parts = specifier.split("/");
  return specifier.startsWith("@") ? parts.slice(0, 2).join("/") : (parts[0] ?? specifier);
}

import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { AnyComponent } from "@lowerbound/core";
import { readPackages } from "../workspace/packages.js";
import { fillTables } from "./tables.js";

export interface Readme {
  readonly file: string;
  readonly before: string;
  readonly after: string;
  readonly shown: readonly string[];
}

/** Every package's README with its option tables filled in. */
export function filledReadmes(components: readonly AnyComponent[]): readonly Readme[] {
  const packages = readPackages().map(({ directory, short }) => ({ file: join(directory, "README.md"), short }));
  return packages
    .filter(({ file }) => existsSync(file))
    .map(({ file, short }) => {
      const before = readFileSync(file, "utf8");
      const { text, shown } = fillTables(before, components, `packages/${short}/README.md`);
      return { file, before, after: text, shown };
    });
}

/** Components, as `kind/type`, that no README shows. */
export function undocumented(components: readonly AnyComponent[], readmes: readonly Readme[]): readonly string[] {
  const shown = new Set(readmes.flatMap((each) => each.shown));
  return components.map(({ kind, type }) => `${kind.name}/${type}`).filter((name) => !shown.has(name));
}

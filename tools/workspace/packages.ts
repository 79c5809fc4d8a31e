// The workspace's packages as they lie on disk, read once and checked.
import { readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { z } from "zod";

export const root = join(dirname(fileURLToPath(import.meta.url)), "..", "..");
export const scope = "@lowerbound/";

const versions = z.record(z.string(), z.string()).default({});
const manifestSchema = z.looseObject({
  name: z.string().startsWith(scope),
  version: z.string(),
  files: z.array(z.string()).default([]),
  dependencies: versions,
  optionalDependencies: versions,
  peerDependencies: versions,
});

export type Manifest = z.output<typeof manifestSchema>;

export interface WorkspacePackage {
  /** Name without the scope, also the folder's name. */
  readonly short: string;
  readonly directory: string;
  readonly manifest: Manifest;
}

/** Every package under `packages/`, by name. */
export function readPackages(): WorkspacePackage[] {
  const folder = join(root, "packages");
  return readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => ({ short: name, directory: join(folder, name), manifest: readManifest(join(folder, name)) }))
    .sort((a, b) => a.short.localeCompare(b.short));
}

function readManifest(directory: string): Manifest {
  return manifestSchema.parse(JSON.parse(readFileSync(join(directory, "package.json"), "utf8")));
}

/** Siblings that a package's users get with it: `dependencies` and `peerDependencies` inside the scope. */
export function siblings({ manifest }: WorkspacePackage): string[] {
  const names = Object.keys({ ...manifest.dependencies, ...manifest.peerDependencies });
  return names.filter((name) => name.startsWith(scope)).map((name) => name.slice(scope.length));
}

/** A package with everything inside the scope that it needs, itself first. */
export function closure(start: WorkspacePackage, packages: readonly WorkspacePackage[]): WorkspacePackage[] {
  const found = new Map([[start.short, start]]);
  for (const each of found.values()) {
    for (const name of siblings(each)) {
      const sibling = packages.find(({ short }) => short === name);
      if (sibling === undefined) throw new Error(`${each.manifest.name} depends on ${scope}${name}, which is not here`);
      found.set(name, sibling);
    }
  }
  return [...found.values()];
}

// What a user gets: a copy of a built package whose manifest says nothing about this workspace.

import { existsSync } from "node:fs";
import { cp, mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import { type Manifest, root, scope, type WorkspacePackage } from "../workspace/packages.js";
import { mustRun } from "../workspace/shell.js";

const sourceCondition = "@lowerbound/source";
const workspaceOnly = ["scripts", "devDependencies"];

export interface Tarball {
  readonly package: WorkspacePackage;
  readonly path: string;
  readonly bytes: number;
}

/** The manifest to publish: no source condition, no scripts, siblings at the version they have now. */
export function publishedManifest(manifest: Manifest, packages: readonly WorkspacePackage[]): Record<string, unknown> {
  const kept = Object.entries(manifest).filter(([key]) => !workspaceOnly.includes(key));
  const published = Object.fromEntries(kept.filter(([, value]) => !isEmpty(value)));
  return {
    ...published,
    exports: withoutSource(published.exports),
    dependencies: withVersions(manifest.dependencies, packages),
  };
}

function isEmpty(value: unknown): boolean {
  return typeof value === "object" && value !== null && Object.keys(value).length === 0;
}

function withoutSource(value: unknown): unknown {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return value;
  const kept = Object.entries(value).filter(([key]) => key !== sourceCondition);
  return Object.fromEntries(kept.map(([key, inner]) => [key, withoutSource(inner)]));
}

function withVersions(dependencies: Readonly<Record<string, string>>, packages: readonly WorkspacePackage[]) {
  const version = (name: string, declared: string) =>
    packages.find(({ manifest }) => manifest.name === name)?.manifest.version ?? declared;
  const resolved = Object.entries(dependencies).map(([name, declared]) => [
    name,
    name.startsWith(scope) ? version(name, declared) : declared,
  ]);
  return Object.fromEntries(resolved);
}

async function stage(each: WorkspacePackage, packages: readonly WorkspacePackage[], folder: string): Promise<void> {
  if (!existsSync(join(each.directory, "dist"))) throw new Error(`${each.manifest.name} is not built`);
  await mkdir(folder, { recursive: true });
  for (const name of [...each.manifest.files, "README.md", "CHANGELOG.md"]) {
    const from = join(each.directory, name);
    if (existsSync(from)) await cp(from, join(folder, name), { recursive: true });
  }
  await cp(join(root, "LICENSE"), join(folder, "LICENSE"));
  await writeFile(join(folder, "package.json"), JSON.stringify(publishedManifest(each.manifest, packages), null, 2));
}

const packedSchema = z.array(z.object({ filename: z.string(), size: z.number() })).length(1);

/** Packs every built package into `output`. */
export async function packAll(packages: readonly WorkspacePackage[], output: string): Promise<Tarball[]> {
  await mkdir(output, { recursive: true });
  const tarballs: Tarball[] = [];
  for (const each of packages) {
    const folder = join(output, "staged", each.short);
    await stage(each, packages, folder);
    const printed = await mustRun("npm", ["pack", "--json", "--pack-destination", output], { cwd: folder });
    const [packed] = packedSchema.parse(JSON.parse(printed));
    if (packed === undefined) throw new Error(`npm packed nothing for ${each.manifest.name}`);
    tarballs.push({ package: each, path: join(output, packed.filename), bytes: packed.size });
  }
  return tarballs;
}

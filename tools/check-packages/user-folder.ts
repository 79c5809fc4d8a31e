// A user's empty folder outside the repository, with one package and its own closure installed from tarballs.
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Tarball } from "../release/stage.js";
import { closure, type WorkspacePackage } from "../workspace/packages.js";
import { mustRun, userEnvironment } from "../workspace/shell.js";

const firewall = fileURLToPath(new URL("firewall.cjs", import.meta.url));

/** How a user's npm treats install scripts: left out, or run where nothing can be downloaded. */
export type Scripts = "ignored" | "behind a firewall";

/** Makes the folder; the siblings stand beside the package as tarballs, all else is npm's to find. */
export async function installAlone(
  each: WorkspacePackage,
  packages: readonly WorkspacePackage[],
  tarballs: readonly Tarball[],
  scripts: Scripts,
): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), `lowerbound-${each.short}-`));
  const own = closure(each, packages).map((member) => tarballOf(member, tarballs));
  const dependencies = Object.fromEntries(
    own.map(({ package: { manifest }, path }) => [manifest.name, `file:${path}`]),
  );
  const manifest = { name: "user", private: true, type: "module", dependencies };
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, "package.json"), JSON.stringify(manifest));
  const flags = ["--no-audit", "--no-fund", "--prefer-offline", "--loglevel=error"];
  const env = scripts === "ignored" ? userEnvironment() : userEnvironment({ NODE_OPTIONS: `--require ${firewall}` });
  await mustRun("npm", ["install", `--ignore-scripts=${scripts === "ignored"}`, ...flags], { cwd: folder, env });
  return folder;
}

function tarballOf(each: WorkspacePackage, tarballs: readonly Tarball[]): Tarball {
  const tarball = tarballs.find(({ package: { short } }) => short === each.short);
  if (tarball === undefined) throw new Error(`${each.manifest.name} was not packed`);
  return tarball;
}

export const removeFolder = (folder: string) => rm(folder, { recursive: true, force: true });

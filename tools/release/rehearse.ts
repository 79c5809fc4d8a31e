// npm run release:rehearse [-- --output DIR]: the next release, in a clone, up to the tarballs; nothing is published.
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { parseArgs } from "node:util";
import { z } from "zod";
import { root } from "../workspace/packages.js";
import { mustRun, userEnvironment } from "../workspace/shell.js";

const stepSchema = z.array(z.object({ name: z.string(), version: z.string(), bytes: z.number(), path: z.string() }));

/** A clone of the last commit with its own node_modules, since workspace links must lead into the clone. */
async function cloneWorkspace(folder: string): Promise<void> {
  await mustRun("git", ["clone", "--quiet", "--depth", "1", pathToFileURL(root).href, folder], { cwd: root });
  await mustRun("npm", ["ci", "--prefer-offline", "--no-audit", "--no-fund"], { cwd: folder, env: userEnvironment() });
}

/** Versions, change logs, builds and tarballs, made by the clone's own tools. */
async function release(folder: string, output: string): Promise<z.output<typeof stepSchema>> {
  const bin = (name: string) => join(folder, "node_modules", ".bin", name);
  const env = userEnvironment({ NX_DAEMON: "false" });
  await mustRun(bin("changeset"), ["version"], { cwd: folder, env });
  await mustRun(bin("nx"), ["run-many", "-t", "build"], { cwd: folder, env });
  const node = ["--conditions=@lowerbound/source", "--import", "tsx", "tools/release/pack.ts", output];
  return stepSchema.parse(JSON.parse(await mustRun("node", node, { cwd: folder, env })));
}

async function main(): Promise<void> {
  const { values } = parseArgs({ options: { output: { type: "string" } } });
  const output = values.output === undefined ? await mkdtemp(join(tmpdir(), "release-")) : resolve(values.output);
  const folder = await mkdtemp(join(tmpdir(), "rehearsal-"));
  try {
    await cloneWorkspace(folder);
    const tarballs = await release(folder, output);
    if (tarballs.some(({ version }) => version === "0.0.0")) throw new Error("a package kept version 0.0.0");
    console.table(tarballs.map(({ name, version, bytes }) => ({ name, version, kB: Math.ceil(bytes / 1024) })));
    const log = await readFile(join(folder, "packages", "core", "CHANGELOG.md"), "utf8");
    console.log(log.trim());
    console.log(`\n${tarballs.length} tarballs in ${output}; nothing was published.`);
    console.log("To publish them, in this order: npm publish --access public TARBALL");
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

await main();

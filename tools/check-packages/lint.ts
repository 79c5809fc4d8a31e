// publint and attw on a tarball, exactly as it would be published.
import { join } from "node:path";
import { root } from "../workspace/packages.js";
import { run, tail } from "../workspace/shell.js";

const tool = (name: string) => join(root, "node_modules", ".bin", name);

/** Whether package.json, exports and files hold together; warnings count. */
export async function publint(tarball: string): Promise<void> {
  await lint("publint", ["run", tarball, "--strict"]);
}

/** Whether the types agree with the code for every ESM resolution; the packages are ESM only. */
export async function areTheTypesWrong(tarball: string): Promise<void> {
  await lint("attw", [tarball, "--profile", "esm-only", "--no-definitely-typed", "--no-emoji", "--no-color"]);
}

async function lint(name: string, args: readonly string[]): Promise<void> {
  const { code, stdout, stderr } = await run(tool(name), args, { cwd: root });
  if (code !== 0) throw new Error(`${name} ended with ${code}\n${tail(stdout + stderr)}`);
}

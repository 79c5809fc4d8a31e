// The README's example as a user has it: its types checked and its output looked at, on the installed package alone.
import { existsSync } from "node:fs";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import ts from "typescript";
import { root, type WorkspacePackage } from "../workspace/packages.js";
import { readmeExample } from "../workspace/readme.js";
import { run, tail, userEnvironment } from "../workspace/shell.js";

const minutes = 60_000;

/** What is wrong with the types of the example; empty when nothing is. */
export async function checkExampleTypes(each: WorkspacePackage, folder: string): Promise<string> {
  const file = join(folder, "example.mts");
  await writeFile(file, readmeExample(join(each.directory, "README.md")));
  const program = ts.createProgram([file], {
    target: ts.ScriptTarget.ES2023,
    module: ts.ModuleKind.NodeNext,
    moduleResolution: ts.ModuleResolutionKind.NodeNext,
    strict: true,
    exactOptionalPropertyTypes: true,
    skipLibCheck: true,
    noEmit: true,
    types: ["node"],
    typeRoots: [join(root, "node_modules", "@types")],
  });
  const host: ts.FormatDiagnosticsHost = {
    getCanonicalFileName: (name) => name,
    getCurrentDirectory: () => folder,
    getNewLine: () => "\n",
  };
  return ts.formatDiagnostics(ts.getPreEmitDiagnostics(program), host);
}

/** Runs the example in the folder; it must succeed and print something. */
export async function runExample(each: WorkspacePackage, folder: string): Promise<string> {
  const source = readmeExample(join(each.directory, "README.md"));
  const { outputText } = ts.transpileModule(source, {
    compilerOptions: { target: ts.ScriptTarget.ES2023, module: ts.ModuleKind.ESNext },
  });
  await writeFile(join(folder, "example.mjs"), outputText);
  return check("its README example", "node", ["example.mjs"], folder);
}

/** Every command of the package answers `--help`. */
export async function runCommands(each: WorkspacePackage, folder: string): Promise<void> {
  const bin = each.manifest.bin;
  const names = typeof bin === "object" && bin !== null ? Object.keys(bin) : [];
  for (const name of names) {
    await check(`${name} --help`, join(folder, "node_modules", ".bin", name), ["--help"], folder);
  }
}

/** Runs a command as the folder's user; @throws if it fails or prints nothing. */
export async function check(what: string, command: string, args: readonly string[], folder: string): Promise<string> {
  const { code, stdout, stderr } = await run(command, args, {
    cwd: folder,
    env: userEnvironment(),
    timeout: 3 * minutes,
  });
  if (code !== 0) throw new Error(`${what} ended with ${code}\n${tail(stdout + stderr)}`);
  if (stdout.trim() === "") throw new Error(`${what} printed nothing`);
  return stdout;
}

/** The onnxruntime that the installed runtime will find: native where the optional package is there. */
export function onnxruntimeIn(folder: string): string {
  const has = (name: string) => existsSync(join(folder, "node_modules", name));
  if (has("onnxruntime-node")) return "native";
  return has("onnxruntime-web") ? "web" : "none";
}

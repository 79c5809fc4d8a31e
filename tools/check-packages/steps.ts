import type { Tarball } from "../release/stage.js";
import { closure, type WorkspacePackage } from "../workspace/packages.js";
import { checkExampleTypes, onnxruntimeIn, runCommands, runExample } from "./example.js";
import { areTheTypesWrong, publint } from "./lint.js";
import { thirdParty } from "./third-party.js";
import { trainWithCommand } from "./training.js";
import { installAlone, removeFolder, type Scripts } from "./user-folder.js";

/** One check of one package. */
export interface Step {
  readonly package: WorkspacePackage;
  readonly name: string;
  /** Does it, throws what is wrong, and says what it saw. */
  readonly run: () => Promise<string>;
}

export function stepsOf(
  each: WorkspacePackage,
  packages: readonly WorkspacePackage[],
  tarballs: readonly Tarball[],
): Step[] {
  const tarball = tarballs.find(({ package: { short } }) => short === each.short)?.path ?? "";
  const seen = (what: string) => () => what;
  const command = each.short === "cli";
  return [
    { package: each, name: "publint", run: () => publint(tarball).then(seen("passed")) },
    { package: each, name: "attw", run: () => areTheTypesWrong(tarball).then(seen("passed")) },
    { package: each, name: "alone", run: () => alone(each, packages, tarballs, "ignored") },
    { package: each, name: "firewall", run: () => alone(each, packages, tarballs, "behind a firewall") },
    ...(command ? [{ package: each, name: "third-party", run: () => thirdParty(each, packages, tarballs) }] : []),
  ];
}

async function alone(
  each: WorkspacePackage,
  packages: readonly WorkspacePackage[],
  tarballs: readonly Tarball[],
  scripts: Scripts,
): Promise<string> {
  const folder = await installAlone(each, packages, tarballs, scripts);
  try {
    if (scripts === "ignored") {
      const problems = await checkExampleTypes(each, folder);
      if (problems !== "") throw new Error(`the README example does not compile\n${problems}`);
    } else {
      refuseAnOpenFirewall(each, packages, folder);
    }
    await runExample(each, folder);
    await runCommands(each, folder);
    await trainWithCommand(each, folder);
    return describe(onnxruntimeIn(folder));
  } finally {
    await removeFolder(folder);
  }
}

function describe(onnxruntime: string): string {
  return onnxruntime === "none" ? "works" : `works, onnxruntime ${onnxruntime}`;
}

/** On Linux x64 onnxruntime-node's script downloads; if the package is there all the same, no script was run. */
function refuseAnOpenFirewall(each: WorkspacePackage, packages: readonly WorkspacePackage[], folder: string): void {
  const downloads = process.platform === "linux" && process.arch === "x64";
  const wants = closure(each, packages).some(({ manifest }) => "onnxruntime-node" in manifest.optionalDependencies);
  if (downloads && wants && onnxruntimeIn(folder) === "native") {
    throw new Error("onnxruntime-node was installed although its download was blocked: npm did not run its script");
  }
}

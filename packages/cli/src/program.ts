import { Command, CommanderError } from "commander";
import { addCalibrate } from "./commands/calibrate.js";
import { addCertify } from "./commands/certify.js";
import { addComponents } from "./commands/components.js";
import { addData } from "./commands/data.js";
import { addEvaluate } from "./commands/evaluate.js";
import { addMake } from "./commands/make.js";
import { addOpe } from "./commands/ope.js";
import { addPlan } from "./commands/plan.js";
import { addPredict } from "./commands/predict.js";
import { addReport } from "./commands/report.js";
import { addTrain } from "./commands/train.js";
import { trainHelp } from "./commands/train-help.js";
import { loadComponents } from "./components.js";
import { type Output, processOutput, reportError } from "./output.js";
import { version } from "./version.js";

/** Run the command line; never throws. @returns the exit code: 0, 1 after an error, 130 after Ctrl-C */
export async function runCli(argv: readonly string[], output: Output = processOutput): Promise<number> {
  try {
    const help = wantsTrainHelp(argv) ? trainHelp(await loadComponents(pluginsOf(argv)), argv) : "";
    await program(output, help).parseAsync([...argv], { from: "user" });
    return 0;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode;
    return reportError(error, output, argv.includes("--verbose"));
  }
}

const wantsTrainHelp = (argv: readonly string[]): boolean =>
  argv.includes("train") && argv.some((token) => token === "--help" || token === "-h");

/** Values of `--plugin`, read before the command line is, so that help can list their components. */
function pluginsOf(argv: readonly string[]): readonly string[] {
  return argv.flatMap((token, at) => {
    if (token.startsWith("--plugin=")) return [token.slice("--plugin=".length)];
    return argv[at - 1] === "--plugin" ? [token] : [];
  });
}

function program(output: Output, help: string): Command {
  const command = new Command("lowerbound")
    .description("Pessimistic model-based offline reinforcement learning")
    .version(version(), "--version", "print the version")
    .option("--verbose", "show where in the code an error came from")
    .showHelpAfterError("(--help lists commands and flags)")
    .showSuggestionAfterError()
    .exitOverride()
    .configureOutput({ writeOut: output.out, writeErr: output.err });
  addTrain(command, output).addHelpText("after", help);
  addEvaluate(command, output);
  addOpe(command, output);
  addCalibrate(command, output);
  addCertify(command, output);
  addPlan(command, output);
  addPredict(command, output);
  addReport(command, output);
  addMake(addData(command, output), output);
  addComponents(command, output);
  return command;
}

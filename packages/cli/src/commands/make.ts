import { counted } from "@lowerbound/core";
import { onInterrupt, silentTerminal, terminal } from "@lowerbound/runs";
import { type Command, Option } from "commander";
import { countOf } from "../options/count.js";
import { textTable } from "../options/table.js";
import type { Output } from "../output.js";

interface MakeFlags {
  readonly out?: string;
  readonly seed: string;
  readonly transitions?: string;
  readonly layout: "d4rl-hdf5" | "minari";
  readonly workers?: string;
  readonly quiet?: boolean;
}

/** Register `data make` and `data list`. */
export function addMake(data: Command, output: Output): void {
  data
    .command("make <recipe>")
    .summary("make a dataset on this machine")
    .description(
      "Make a dataset by playing policies that come with the package in MuJoCo: no download, and the same seed gives the " +
        'same bytes. "lowerbound data list" shows the recipes.',
    )
    .option("--out <path>", "the file to write, or with the layout minari the folder (default: RECIPE.hdf5)")
    .option("--seed <number>", "decides every byte", "0")
    .option("--transitions <number>", "how many (default: the recipe's)")
    .addOption(new Option("--layout <name>", "how to write it").choices(["d4rl-hdf5", "minari"]).default("d4rl-hdf5"))
    .option("--workers <number>", "threads that simulate (default: one a core); the result does not depend on it")
    .option("--quiet", "no progress")
    .action((recipe: string, flags: MakeFlags) => make(recipe, flags, output));
  data
    .command("list")
    .description("list the datasets that can be made")
    .action(async () => {
      const { recipes } = await import("@lowerbound/recipes");
      const rows = recipes.map(({ name, transitions, summary }) => [name, String(transitions), summary]);
      output.out(textTable(["recipe", "transitions", "what it is"], rows));
    });
}

async function make(recipe: string, flags: MakeFlags, output: Output): Promise<void> {
  const { makeRecipe } = await import("@lowerbound/recipes");
  const path = flags.out ?? `${recipe}${flags.layout === "minari" ? "" : ".hdf5"}`;
  const screen = flags.quiet === true ? silentTerminal : terminal(process.stderr);
  const interrupt = onInterrupt("start again; nothing was written");
  const transitions =
    flags.transitions === undefined ? {} : { transitions: countOf(flags.transitions, "--transitions") };
  const workers = flags.workers === undefined ? {} : { workers: countOf(flags.workers, "--workers") };
  let progress: ReturnType<typeof screen.progress> | undefined;
  try {
    const made = await makeRecipe(recipe, {
      path,
      seed: countOf(flags.seed, "--seed"),
      layout: flags.layout,
      signal: interrupt.signal,
      onProgress: ({ transitions: done, total }) => {
        progress ??= screen.progress(recipe, total);
        progress.update(Math.min(done, total));
      },
      ...transitions,
      ...workers,
    });
    progress?.stop();
    const { mean, std } = made.returns;
    const size = `${made.transitions} transitions in ${counted(made.episodes, "episode")}`;
    output.out(`${made.path}: ${size}, return ${mean.toFixed(1)} +- ${std.toFixed(1)}\n`);
  } finally {
    interrupt.restore();
  }
}

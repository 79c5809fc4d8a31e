import type { Command } from "commander";

/** Names of the flags that a command's help lists, those of every command with them. */
export function flagNames(command: Command): readonly string[] {
  const help = Object.assign(command.createHelp(), { showGlobalOptions: true });
  return [...help.visibleOptions(command), ...help.visibleGlobalOptions(command)].map((option) => option.name());
}

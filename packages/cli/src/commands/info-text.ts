import { counted, type DatasetInfo } from "@lowerbound/core";

/** What is known of a dataset, for a terminal. */
export function infoText(info: DatasetInfo): string {
  const { mean, std, min, max } = info.returns;
  const { reference } = info;
  const lines = [
    `${info.name} (${info.layout}${info.environmentId === undefined ? "" : `, ${info.environmentId}`})`,
    ...(info.path === undefined ? [] : [`  file: ${info.path}`]),
    `  ${counted(info.episodes, "episode")}, ${counted(info.steps, "step")}; observation ${info.observation}, action ${info.action}`,
    `  returns ${mean.toFixed(1)} +- ${std.toFixed(1)}, ${min.toFixed(1)} to ${max.toFixed(1)}`,
    reference === undefined
      ? "  reference returns: none"
      : `  reference returns ${reference.random} to ${reference.expert}: ${reference.source}`,
    `  content ${info.fingerprint}`,
  ];
  return `${lines.join("\n")}\n`;
}

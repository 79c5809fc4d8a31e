// The declared direction of imports: a package may use those on the levels below its own, never one beside it.

const levels: readonly (readonly string[])[] = [
  ["core"],
  ["runtime", "nn", "datasets", "environments", "runs"],
  [
    "dynamics-ensemble",
    "trajectory-transformer",
    "uncertainty-penalties",
    "actor-critic",
    "evaluation",
    "planners",
    "reports",
    "testing",
  ],
  ["mopo", "morel", "combo"],
  ["standard", "recipes"],
  ["cli"],
];

/** Algorithms know the kinds; the packages that implement models and penalties meet them in a pipeline only. */
const forbidden: Readonly<Record<string, readonly string[]>> = {
  mopo: ["dynamics-ensemble", "uncertainty-penalties", "datasets", "environments", "runs", "runtime"],
  combo: ["dynamics-ensemble", "uncertainty-penalties", "datasets", "environments", "runs", "runtime"],
  morel: ["dynamics-ensemble", "uncertainty-penalties", "datasets", "environments", "runs", "runtime"],
};

/** Packages that no other package's source may import. */
const testOnly: readonly string[] = ["testing"];

export function levelOf(name: string): number {
  return levels.findIndex((level) => level.includes(name));
}

/** Why `from` may not import `to`, or undefined when it may. */
export function importProblem(from: string, to: string): string | undefined {
  if (from === to) return `imports itself by name: use a relative path`;
  if (levelOf(from) < 0) return `${from} has no level: declare one in tools/architecture/layers.ts`;
  if (levelOf(to) < 0) return `${to} has no level: declare one in tools/architecture/layers.ts`;
  if (testOnly.includes(to)) return `${to} is for tests: move the import there`;
  if (forbidden[from]?.includes(to)) return `${from} meets ${to} through core's kinds only`;
  if (levelOf(to) >= levelOf(from)) return `${to} is not on a level below ${from}`;
  return undefined;
}

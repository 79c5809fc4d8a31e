import { Termination } from "../contracts/termination.js";
import type { Scope } from "../registry/container.js";
import type { Part } from "./phases.js";

/** Ask for the termination rule of the data's task where a part uses one. @throws ConfigError where there is none */
export function checkRule(parts: readonly Part[], scope: Scope, environmentId: string | undefined): void {
  if (!scope.has(Termination)) return;
  const required = parts.some(({ requires }) => requires.some(({ token }) => token === Termination.token));
  if (required || scope.taken(Termination)) scope.inject(Termination).for?.(environmentId);
}

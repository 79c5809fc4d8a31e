import type { DatasetInfo } from "../contracts/dataset.js";
import type { CompiledProgram, Engine } from "../contracts/engine.js";
import { zeros } from "../contracts/tensors.js";
import { Termination } from "../contracts/termination.js";
import { CapabilityError, ConfigError, LowerboundError } from "../errors.js";
import { terminationProgram } from "../programs/termination-program.js";
import type { Scope } from "../registry/container.js";
import type { Part } from "./phases.js";

/** Rows of a try: more than one, which other shapes could pass for. */
const ROWS = 3;

export interface RuleCheck {
  readonly parts: readonly Part[];
  readonly scope: Scope;
  readonly engine: Engine;
  readonly info: DatasetInfo;
}

/**
 * Ask for the termination rule of the data's task where a part uses one, and try it on the data's sizes: it is needed
 * after the fits, which take hours. @throws ConfigError where there is none, or it does not fit
 */
export async function checkRule({ parts, scope, engine, info }: RuleCheck): Promise<void> {
  if (!scope.has(Termination)) return;
  const required = parts.some(({ requires }) => requires.some(({ token }) => token === Termination.token));
  if (!required && !scope.taken(Termination)) return;
  const termination = scope.inject(Termination);
  const program = terminationProgram(termination.for?.(info.environmentId) ?? termination, info, ROWS);
  try {
    await tryOnZeros(await engine.compile(program));
  } catch (cause) {
    if (cause instanceof CapabilityError || saysItsPlace(cause)) throw cause;
    throw new ConfigError(`the rule does not fit the log: ${cause instanceof Error ? cause.message : cause}`, {
      where: "termination",
      expected: `a rule of observations [batch, ${info.observation}] and actions [batch, ${info.action}]`,
      remedy: "choose the rule of the log's task: lowerbound components termination",
      cause,
    });
  }
}

const saysItsPlace = (error: unknown): boolean =>
  error instanceof LowerboundError && error.where?.startsWith(Termination.name) === true;

/** Engines that compile nothing find shapes that do not fit when they run. */
async function tryOnZeros(compiled: CompiledProgram): Promise<void> {
  try {
    const { inputs } = compiled.program;
    await compiled.run(
      new Map(),
      Object.fromEntries(Object.entries(inputs).map(([name, spec]) => [name, zeros(spec).data])),
    );
  } finally {
    await compiled.dispose();
  }
}

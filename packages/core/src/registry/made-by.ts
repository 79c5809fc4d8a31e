import { ConfigError, LowerboundError } from "../errors.js";
import type { AnyComponent, CreateContext } from "./component.js";
import { nearest } from "./nearest.js";
import { suggestion } from "./registry.js";

/**
 * What a component's `create` gives. Plug-ins are read without their types, and one that gives nothing would stand for a
 * part that is not configured: a penalty that is not paid.
 *
 * @throws ConfigError naming the component, where it gives a promise, nothing, or something without its kind's functions
 */
export function madeBy(component: AnyComponent, options: unknown, context: CreateContext): unknown {
  const where = `${component.kind.name} "${component.type}"`;
  const product = created(component, options, context, where);
  if (product === undefined || product === null)
    throw new ConfigError("create gives nothing", { where, ...expected(component) });
  if (product instanceof Promise) {
    // It is not waited for, so that what it fails with is not asked for either.
    product.catch(() => {});
    const remedy = "make create a plain function; open files on first use, in one of those functions";
    throw new ConfigError("create gives a promise", { where, ...expected(component), remedy });
  }
  for (const name of component.kind.functions ?? []) {
    if (typeof Reflect.get(Object(product), name) === "function") continue;
    const remedy = suggestion(nearest(name, Object.keys(product)));
    throw new ConfigError(`what create gives has no function "${name}"`, { where, ...expected(component), ...remedy });
  }
  return product;
}

function created(component: AnyComponent, options: unknown, context: CreateContext, where: string): unknown {
  try {
    return component.create(options as never, context);
  } catch (cause) {
    if (cause instanceof LowerboundError) throw cause;
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new ConfigError(`cannot be made: ${reason}`, { where, cause });
  }
}

const expected = ({ kind: { name, functions = [] } }: AnyComponent): { expected: string } => ({
  expected: `a ${name}${functions.length === 0 ? "" : ` with the functions ${functions.join(", ")}`}`,
});

import { z } from "zod";
import type { Kind } from "./kind.js";
import { unreachedSlot } from "./map-slots.js";

/** What `create` can ask of the pipeline. */
export interface CreateContext {
  /** The pipeline's component of a kind. @throws ConfigError if the configuration has none, or on a cycle. */
  inject<T>(kind: Kind<string, T>): T;
  /** The same, or undefined where the configuration has none. */
  optional<T>(kind: Kind<string, T>): T | undefined;
}

export type Requirements<Config> =
  | readonly Kind<string, unknown>[]
  | ((config: Config) => readonly Kind<string, unknown>[]);

/** Name, summary, options, documentation and factory of one implementation of a kind. */
export interface Component<Name extends string, T, Type extends string, Shape extends z.core.$ZodLooseShape> {
  readonly kind: Kind<Name, T>;
  /** What a configuration writes as `type`; kebab-case. */
  readonly type: Type;
  /** One sentence for lists and help. */
  readonly summary: string;
  /** Longer text for `lowerbound components`: formula, source, deviations. */
  readonly documentation?: string;
  readonly config: z.ZodObject<Shape>;
  /** Kinds that must be configured beside this one; their fit phases come first. */
  readonly requires?: Requirements<z.output<z.ZodObject<Shape>>>;
  create(config: z.output<z.ZodObject<Shape>>, context: CreateContext): NoInfer<T>;
}

/** A component with its types forgotten: what lists of components hold. */
export interface AnyComponent {
  readonly kind: Kind<string, unknown>;
  readonly type: string;
  readonly summary: string;
  readonly documentation?: string;
  readonly config: z.ZodObject;
  readonly requires?: Requirements<never>;
  create(config: never, context: CreateContext): unknown;
}

const KEBAB = /^[a-z0-9]+(-[a-z0-9]+)*$/;

/**
 * Check and return a component; the call gives editors its types.
 *
 * @throws TypeError for a kind or a config that is none, a type that is not kebab-case, an option called `type`, or a slot
 * where none is filled.
 */
export function defineComponent<Name extends string, T, const Type extends string, Shape extends z.core.$ZodLooseShape>(
  component: Component<Name, T, Type, Shape>,
): Component<Name, T, Type, Shape> {
  if (!KEBAB.test(component.type)) throw new TypeError(`component type "${component.type}" is not kebab-case`);
  if (typeof component.kind?.token !== "symbol") {
    throw new TypeError(
      `component "${component.type}" has a kind that is none: take one that is exported, such as Planner`,
    );
  }
  if (!(component.config instanceof z.ZodObject)) {
    throw new TypeError(`component "${component.type}" has a config that is no zod object: write z.object({ ... })`);
  }
  if ("type" in component.config.shape) {
    throw new TypeError(
      `component "${component.type}" has an option called "type", which is how a configuration names it`,
    );
  }
  const place = unreachedSlot(component.config);
  if (place !== undefined) {
    throw new TypeError(`component "${component.type}" has a slot within a ${place}, where it would not be filled`);
  }
  return component;
}

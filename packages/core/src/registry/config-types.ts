import type { z } from "zod";
import type { AnyComponent } from "./component.js";
import type { SlotInput } from "./slot.js";

type Leaf = string | number | boolean | bigint | null | undefined | ((...parameters: never) => unknown);

/** Puts the configurations of nested components where a schema's input has slots. */
type Resolve<C extends readonly AnyComponent[], Input> =
  Input extends SlotInput<infer Name>
    ? ComponentConfig<C, Name>
    : Input extends Leaf
      ? Input
      : { readonly [Key in keyof Input]: Resolve<C, Input[Key]> };

type WithType<Component extends AnyComponent> = z.input<
  z.ZodObject<Component["config"]["shape"] & { type: z.ZodLiteral<Component["type"]> }>
>;

/** `{ type, ...options }` of any registered component of one kind: a union discriminated by `type`. */
export type ComponentConfig<C extends readonly AnyComponent[], Name extends string> = C[number] extends infer Each
  ? Each extends AnyComponent
    ? Each["kind"]["name"] extends Name
      ? Resolve<C, WithType<Each>>
      : never
    : never
  : never;

/** Configuration of a pipeline of these components: one optional entry a kind, and the seed. */
export type ConfigOf<C extends readonly AnyComponent[]> = {
  /** Decides all randomness of the run. */
  readonly seed?: number;
} & {
  readonly [Each in C[number] as Each["kind"]["name"]]?: ComponentConfig<C, Each["kind"]["name"]>;
};

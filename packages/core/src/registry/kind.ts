declare const product: unique symbol;

export interface KindOptions {
  readonly summary: string;
  /** Type that stands in when a configuration leaves this kind out. */
  readonly default?: string;
  /** Functions that every component of it has: one without is refused as soon as it is made. */
  readonly functions?: readonly string[];
}

/** A seam of the library: a name that configurations use, and the interface that its components implement. */
export interface Kind<Name extends string, T> extends KindOptions {
  readonly name: Name;
  readonly token: symbol;
  /** Phantom: carries `T` in the type, never present at run time. */
  readonly [product]?: T;
}

/**
 * Define a kind; called twice so that the interface is given and the name inferred.
 *
 * `defineKind<Penalty>()("penalty", { summary: "..." })`
 */
export const defineKind =
  <T>() =>
  <const Name extends string>(
    name: Name,
    options: KindOptions & { readonly functions?: readonly (keyof T & string)[] },
  ): Kind<Name, T> => ({
    name,
    token: Symbol.for(`lowerbound.${name}`),
    ...options,
  });

/** A penalty of the league: what it is called, and the flags that choose it. */
export interface Entrant {
  readonly name: string;
  readonly flags: readonly string[];
}

const plain = (type: string): Entrant => ({ name: type, flags: ["--penalty", type] });

/** The one whose published coefficient decides everybody's mean penalty. */
export const reference = plain("max-aleatoric");

/** Every penalty with its defaults; conformal rescales the reference. */
export const entrants: readonly Entrant[] = [
  reference,
  plain("max-pairwise-difference"),
  plain("max-deviation"),
  plain("ensemble-standard-deviation"),
  plain("ensemble-variance"),
  plain("log-likelihood-variance"),
  plain("divergence"),
  plain("nearest-neighbour"),
  plain("random-network-distillation"),
  plain("bellman-inconsistency"),
  plain("density"),
  { name: "conformal", flags: ["--penalty", "conformal", "--penalty.penalty.type", reference.name] },
];

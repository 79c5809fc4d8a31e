/** What the tokens are that a network reads. */
export interface TokenShape {
  /** Tokens of a transition: its dimensions, action, reward and value. */
  readonly transition: number;
  /** Bins of each dimension. */
  readonly bins: number;
  /** Whether a token of its own, number `bins`, stands after the end of an episode. */
  readonly terminates: boolean;
  /** The longest context, in tokens. */
  readonly positions: number;
}

/** Sizes of the Transformer. */
export interface Architecture extends TokenShape {
  readonly layers: number;
  readonly heads: number;
  /** Width; a multiple of `heads`. */
  readonly embedding: number;
}

/** Tokens that a position can take: the bins, and the end of an episode. */
export const vocabularyOf = ({ bins, terminates }: Pick<TokenShape, "bins" | "terminates">): number =>
  bins + (terminates ? 1 : 0);

/** Rows of the embedding table: bins of each place, and one for the end of an episode in all of them. */
export const tableRows = ({ bins, transition, terminates }: Omit<TokenShape, "positions">): number =>
  bins * transition + (terminates ? 1 : 0);

/** Whether the position holds a value, whose key is hidden from every query, its own included. */
export const isValue = (position: number, transition: number): boolean => position % transition === transition - 1;

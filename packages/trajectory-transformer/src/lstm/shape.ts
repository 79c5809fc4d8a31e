import type { TokenShape } from "../model/architecture.js";

/** Sizes of the LSTM. */
export interface LstmShape extends TokenShape {
  readonly network: "lstm";
  readonly layers: number;
  /** Width of embeddings and of each layer. */
  readonly embedding: number;
}

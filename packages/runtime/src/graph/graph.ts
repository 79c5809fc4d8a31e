import type { DType, TypedArray } from "@lowerbound/core";

/** Element types inside a graph; int64 only for the shape arguments of ONNX operators. */
export type GraphType = DType | "int64";
export type ConstantData = TypedArray | BigInt64Array;

/** A tensor in a graph: an input, a constant, or the output of a node. */
export interface Value {
  readonly id: number;
  readonly dtype: GraphType;
  readonly shape: readonly number[];
  /** Present on constants. */
  readonly constant?: ConstantData;
  /** Present on graph inputs. */
  readonly input?: string;
}

export type Attribute = number | readonly number[] | { readonly float: number } | { readonly text: string };

/** One operator of the ONNX standard, or of onnxruntime's contributed ones. */
export interface Node {
  readonly op: string;
  readonly domain: "" | "com.microsoft";
  readonly inputs: readonly (Value | undefined)[];
  readonly outputs: readonly Value[];
  readonly attributes: Readonly<Record<string, Attribute>>;
}

/** A traced function: nodes in an order in which every value is made before it is used. */
export interface Graph {
  readonly name: string;
  readonly inputs: readonly Value[];
  readonly nodes: readonly Node[];
  readonly outputs: Readonly<Record<string, Value>>;
}

/** Rewrites a graph without changing what it computes. */
export type Pass = (graph: Graph) => Graph;

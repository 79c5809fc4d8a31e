import type { Attribute, ConstantData, GraphType, Node, Value } from "./graph.js";

/** Collects nodes in the order in which they are recorded. */
export interface Builder {
  readonly nodes: Node[];
  readonly inputs: Value[];
  input(name: string, dtype: GraphType, shape: readonly number[]): Value;
  constant(data: ConstantData, dtype: GraphType, shape: readonly number[]): Value;
  /** A one-dimensional int64 constant: axes, shapes, starts. */
  int64(values: readonly number[]): Value;
  /** A float32 scalar constant. */
  scalar(value: number): Value;
  node(op: string, inputs: readonly (Value | undefined)[], output: OutputSpec, options?: NodeOptions): Value;
  /** A node of several outputs. */
  nodes_(op: string, inputs: readonly Value[], outputs: readonly OutputSpec[], options?: NodeOptions): readonly Value[];
}

export interface OutputSpec {
  readonly dtype: GraphType;
  readonly shape: readonly number[];
}

export interface NodeOptions {
  readonly attributes?: Readonly<Record<string, Attribute>>;
  readonly domain?: "com.microsoft";
}

export function createBuilder(firstId = 0): Builder {
  let id = firstId;
  const nodes: Node[] = [];
  const inputs: Value[] = [];
  const builder: Builder = {
    nodes,
    inputs,
    input: (name, dtype, shape) => {
      const value: Value = { id: id++, dtype, shape, input: name };
      inputs.push(value);
      return value;
    },
    constant: (data, dtype, shape) => ({ id: id++, dtype, shape, constant: data }),
    int64: (values) => builder.constant(BigInt64Array.from(values, BigInt), "int64", [values.length]),
    scalar: (value) => builder.constant(Float32Array.of(value), "float32", []),
    node: (op, from, output, options) => builder.nodes_(op, from as Value[], [output], options)[0]!,
    nodes_: (op, from, specs, { attributes = {}, domain } = {}) => {
      const outputs = specs.map(({ dtype, shape }): Value => ({ id: id++, dtype, shape }));
      nodes.push({ op, domain: domain ?? "", inputs: from, outputs, attributes });
      return outputs;
    },
  };
  return builder;
}

import { PbfWriter } from "pbf";
import type { Attribute, Graph, Node, Value } from "../graph/graph.js";
import { ONNX_TYPE } from "../trace/cast.js";

const IR_VERSION = 8;
const OPSET = 17;

/** Names of values in the file: inputs and outputs keep theirs behind a prefix, so that a state tensor can be both. */
export const inputName = (name: string): string => `in:${name}`;
export const outputName = (name: string): string => `out:${name}`;

/** Name of an empty sequence that a graph can give out before all tensors. */
export const STOP = "stop";

/**
 * A graph as an ONNX ModelProto. Field numbers are those of onnx.proto, IR version 8.
 *
 * With `stop`, the first output is {@link STOP}.
 */
export function emit(graph: Graph, { stop = false }: { readonly stop?: boolean } = {}): Uint8Array {
  const pbf = new PbfWriter();
  pbf.writeVarintField(1, IR_VERSION);
  pbf.writeStringField(2, "lowerbound");
  pbf.writeMessage(7, writeGraph, { graph, stop });
  pbf.writeMessage(8, writeOpset, { domain: "", version: OPSET });
  pbf.writeMessage(8, writeOpset, { domain: "com.microsoft", version: 1 });
  return pbf.finish();
}

function writeOpset(opset: { domain: string; version: number }, pbf: PbfWriter): void {
  pbf.writeStringField(1, opset.domain);
  pbf.writeVarintField(2, opset.version);
}

function writeStop(pbf: PbfWriter): void {
  pbf.writeMessage(1, writeNode, { op: "SequenceEmpty", domain: "", attributes: {}, inputs: [], outputs: [STOP] });
  pbf.writeMessage(12, writeSequenceInfo, STOP);
}

type NameOf = (value: Value) => string;

function writeGraph({ graph, stop }: { graph: Graph; stop: boolean }, pbf: PbfWriter): void {
  const { nameOf, copies } = naming(graph);
  for (const node of graph.nodes) pbf.writeMessage(1, writeNode, named(node, nameOf));
  for (const { name, value } of copies) {
    const identity = { op: "Identity", domain: "", attributes: {}, inputs: [nameOf(value)], outputs: [name] };
    pbf.writeMessage(1, writeNode, identity);
  }
  pbf.writeStringField(2, graph.name);
  for (const value of constantsOf(graph)) pbf.writeMessage(5, writeConstant, { name: nameOf(value), value });
  for (const value of graph.inputs) pbf.writeMessage(11, writeValueInfo, { name: nameOf(value), value });
  if (stop) writeStop(pbf);
  for (const [name, value] of Object.entries(graph.outputs)) {
    pbf.writeMessage(12, writeValueInfo, { name: outputName(name), value });
  }
}

/** A value that a node computes bears its output's name; what has a name already is copied. */
function naming(graph: Graph): { nameOf: NameOf; copies: { name: string; value: Value }[] } {
  const computed = new Set(graph.nodes.flatMap(({ outputs }) => outputs.map(({ id }) => id)));
  const names = new Map<number, string>();
  const copies: { name: string; value: Value }[] = [];
  for (const [key, value] of Object.entries(graph.outputs)) {
    const name = outputName(key);
    if (computed.has(value.id) && !names.has(value.id)) names.set(value.id, name);
    else copies.push({ name, value });
  }
  const nameOf: NameOf = (value) =>
    value.input === undefined ? (names.get(value.id) ?? `v${value.id}`) : inputName(value.input);
  return { nameOf, copies };
}

interface NamedNode {
  readonly op: string;
  readonly domain: string;
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  readonly attributes: Readonly<Record<string, Attribute>>;
}

const named = ({ inputs, outputs, ...rest }: Node, nameOf: NameOf): NamedNode => ({
  ...rest,
  inputs: inputs.map((value) => (value === undefined ? "" : nameOf(value))),
  outputs: outputs.map(nameOf),
});

function writeNode(node: NamedNode, pbf: PbfWriter): void {
  for (const name of node.inputs) pbf.writeStringField(1, name);
  for (const name of node.outputs) pbf.writeStringField(2, name);
  pbf.writeStringField(4, node.op);
  for (const entry of Object.entries(node.attributes)) pbf.writeMessage(5, writeAttribute, entry);
  if (node.domain !== "") pbf.writeStringField(7, node.domain);
}

const [FLOAT, INT, STRING, INTS] = [1, 2, 3, 7];

function writeAttribute([name, value]: readonly [string, Attribute], pbf: PbfWriter): void {
  pbf.writeStringField(1, name);
  if (typeof value === "number") {
    pbf.writeVarintField(3, value);
    pbf.writeVarintField(20, INT);
  } else if ("float" in value) {
    pbf.writeFloatField(2, value.float);
    pbf.writeVarintField(20, FLOAT);
  } else if ("text" in value) {
    pbf.writeBytesField(4, new TextEncoder().encode(value.text));
    pbf.writeVarintField(20, STRING);
  } else {
    for (const each of value) pbf.writeVarintField(8, each);
    pbf.writeVarintField(20, INTS);
  }
}

function writeConstant({ name, value }: { name: string; value: Value }, pbf: PbfWriter): void {
  const data = value.constant!;
  for (const size of value.shape) pbf.writeVarintField(1, size);
  pbf.writeVarintField(2, ONNX_TYPE[value.dtype]);
  pbf.writeStringField(8, name);
  pbf.writeBytesField(9, new Uint8Array(data.buffer, data.byteOffset, data.byteLength));
}

function writeValueInfo({ name, value }: { name: string; value: Value }, pbf: PbfWriter): void {
  pbf.writeStringField(1, name);
  pbf.writeMessage(2, writeType, value);
}

function writeSequenceInfo(name: string, pbf: PbfWriter): void {
  pbf.writeStringField(1, name);
  pbf.writeMessage(2, (_, type) => type.writeMessage(4, writeElementType, ONNX_TYPE.float32), null);
}

/** Type of a sequence's elements: tensors of any shape. */
function writeElementType(dtype: number, pbf: PbfWriter): void {
  pbf.writeMessage(1, (_, type) => type.writeMessage(1, (__, tensor) => tensor.writeVarintField(1, dtype), null), null);
}

function writeType(value: Value, pbf: PbfWriter): void {
  pbf.writeMessage(1, writeTensorType, value);
}

function writeTensorType(value: Value, pbf: PbfWriter): void {
  pbf.writeVarintField(1, ONNX_TYPE[value.dtype]);
  pbf.writeMessage(2, writeShape, value.shape);
}

function writeShape(shape: readonly number[], pbf: PbfWriter): void {
  for (const size of shape) pbf.writeMessage(1, writeDimension, size);
}

const writeDimension = (size: number, pbf: PbfWriter): void => pbf.writeVarintField(1, size);

function constantsOf(graph: Graph): Iterable<Value> {
  const found = new Map<number, Value>();
  const see = (value: Value | undefined) => value?.constant !== undefined && found.set(value.id, value);
  for (const node of graph.nodes) node.inputs.forEach(see);
  Object.values(graph.outputs).forEach(see);
  return found.values();
}

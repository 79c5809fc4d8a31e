import { float32, type TensorProgram, type TensorSpec } from "@lowerbound/core";
import * as tf from "@tensorflow/tfjs";
import { trace } from "../trace/trace.js";
import type { Node, Value } from "./graph.js";
import { optimise, passes } from "./optimise.js";

/**
 * A program that does a program's matrix products and nothing else: the least time that its step can take.
 *
 * Shapes and transposes are those of the optimised graph; each operand is an input, and one operand of several
 * products is one input; sums that run as products do not count. One element of each product is put out: that keeps the
 * product, and spares the time that writing all of it to the caller's memory takes.
 */
export function matrixProductsOf(program: TensorProgram): TensorProgram {
  const { sumsAsProducts: _, ...others } = passes;
  const products = optimise(trace(program), others).nodes.filter(({ op }) => op === "FusedMatMul");
  const name = ({ id }: Value) => `operand${id}`;
  const operands = products.flatMap(({ inputs }) => inputs.slice(0, 2) as Value[]);
  const inputs: Record<string, TensorSpec> = Object.fromEntries(
    operands.map((value) => [name(value), float32(...value.shape)]),
  );
  return {
    name: `matrix products of ${program.name}`,
    state: {},
    inputs,
    noise: {},
    fn: (tensors) =>
      Object.fromEntries(
        products.map((node, index) => [
          `product${index}`,
          product(tensors[name(node.inputs[0]!)]!, tensors[name(node.inputs[1]!)]!, node),
        ]),
      ),
  };
}

function product(a: tf.Tensor, b: tf.Tensor, { attributes }: Node): tf.Tensor {
  const whole = tf.matMul(a, b, attributes.transA === 1, attributes.transB === 1);
  return tf.slice(
    whole,
    whole.shape.map(() => 0),
    whole.shape.map(() => 1),
  );
}

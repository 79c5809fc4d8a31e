import * as tf from "@tensorflow/tfjs";

export type Unary = (x: tf.Tensor2D, y: tf.Tensor2D) => tf.Tensor;

/** Functions of two [4, 6] tensors, all with gradients unless noted. */
export const DIFFERENTIABLE: Record<string, Unary> = {
  arithmetic: (x, y) => x.add(y).mul(x).sub(y.mul(2)).div(y.abs().add(1)),
  broadcast: (x, y) => x.mul(y.slice([0, 0], [1, 6])).add(y.slice([0, 2], [4, 1])),
  exponentials: (x) => tf.addN([tf.exp(x), tf.log(x.abs().add(0.5)), tf.log1p(x.square()), tf.expm1(x)]),
  roots: (x) =>
    tf
      .sqrt(x.square().add(1))
      .add(tf.rsqrt(x.square().add(1)))
      .add(tf.reciprocal(x.abs().add(1))),
  squashing: (x) => tf.addN([tf.tanh(x), tf.sigmoid(x), tf.softplus(x), tf.erf(x)]),
  rectifiers: (x) => tf.addN([tf.relu(x), tf.elu(x), tf.leakyRelu(x, 0.1), tf.relu6(x.mul(4))]),
  swish: (x) => x.mul(tf.sigmoid(x)),
  trigonometry: (x) => tf.sin(x).add(tf.cos(x)).add(tf.atan(x)),
  extremes: (x, y) => tf.maximum(x, y).add(tf.minimum(x, y.mul(0.5))),
  clip: (x) => tf.clipByValue(x, -0.5, 0.7),
  squares: (x, y) => tf.squaredDifference(x, y).add(tf.square(x)),
  pow: (x) => tf.pow(x.abs().add(0.1), 1.7),
  where: (x, y) => tf.where(tf.tensor2d([[1], [0], [1], [0]], [4, 1], "bool").tile([1, 6]), x.mul(3), y),
  sums: (x) => tf.sum(x, 0).add(tf.mean(x, 0)),
  "sum keeping axes": (x) => x.sub(tf.mean(x, -1, true)),
  max: (x) => tf.max(x, 1).add(tf.min(x, 1)),
  norm: (x) => tf.norm(x, 2, -1),
  softmax: (x) => tf.softmax(x),
  logSoftmax: (x) => tf.logSoftmax(x),
  logSumExp: (x) => tf.logSumExp(x, 1),
  cumsum: (x) => tf.cumsum(x, 1),
  matMul: (x, y) => tf.matMul(x, y, false, true),
  "matMul, transposed": (x, y) => tf.matMul(x, y, true),
  "matMul, batched": (x, y) => tf.matMul(tf.stack([x, y]), tf.stack([y, x]), false, true),
  reshape: (x) => tf.reshape(x, [2, 12]).expandDims(1).squeeze().mul(2),
  transpose: (x) => tf.transpose(x).mul(tf.transpose(x)),
  slice: (x) => tf.slice(x, [1, 2], [2, 3]),
  concat: (x, y) => tf.concat([x, y], 1),
  stack: (x, y) => tf.stack([x, y], 1),
  split: (x) => {
    const [a, b] = tf.split(x, 2, 1) as [tf.Tensor, tf.Tensor];
    return a.mul(b);
  },
  unstack: (x) => tf.addN(tf.unstack(x)),
  pad: (x) =>
    tf.pad(x, [
      [1, 0],
      [0, 2],
    ]),
  tile: (x) => tf.tile(x, [2, 1]),
  broadcastTo: (x) => tf.broadcastTo(x.expandDims(0), [3, 4, 6]),
  gather: (x) => tf.gather(x, tf.tensor1d([2, 0, 2], "int32")),
  reverse: (x) => tf.reverse(x, 1).mul(x),
};

export const PLAIN: Record<string, Unary> = {
  comparisons: (x, y) =>
    tf.addN(
      [tf.less(x, y), tf.lessEqual(x, y), tf.greaterEqual(x, y), tf.equal(x, x), tf.notEqual(x, y)].map((b) =>
        b.toFloat(),
      ),
    ),
  logic: (x, y) => tf.logicalOr(tf.logicalAnd(tf.less(x, y), tf.less(x, 0)), tf.logicalNot(tf.less(y, 0))).toFloat(),
  anyAll: (x) =>
    tf
      .any(tf.greater(x, 0.5), 1)
      .toFloat()
      .add(tf.all(tf.greater(x, -2), 1).toFloat()),
  argMax: (x) => tf.argMax(x, 1).toFloat().add(tf.argMin(x, 1).toFloat()),
  topK: (x) => {
    const { values, indices } = tf.topk(x, 3);
    return values.add(indices.toFloat());
  },
  oneHot: (x) => tf.oneHot(tf.argMax(x, 1), 6).toFloat(),
  oneHotAsMask: (x) => tf.oneHot(tf.argMax(x, 1), 6, 1, -1e9, "float32"),
  oneHotOfInfinity: (x) => tf.oneHot(tf.argMax(x, 1), 6, 0, Number.NEGATIVE_INFINITY, "float32"),
  rounding: (x) => tf.addN([tf.floor(x), tf.ceil(x), tf.round(x), tf.sign(x), tf.step(x)]),
  finiteness: (x) =>
    tf
      .isNaN(x.div(x.sub(x)))
      .toFloat()
      .add(tf.isFinite(tf.log(x)).toFloat()),
  strided: (x) => tf.stridedSlice(x, [0, 1], [4, 6], [2, 2]),
  "strided, backwards to the start": (x) => tf.stridedSlice(x, [3, 5], [0, 0], [-1, -2], 0, 1),
  prod: (x) => tf.prod(x, 1),
  range: (x) => x.add(tf.range(0, 6)),
  linspace: (x) => x.mul(tf.linspace(0, 1, 6)),
  "small arguments": (x) => tf.addN([tf.log1p(x.mul(1e-4)), tf.expm1(x.mul(1e-4)), tf.softplus(x.sub(12))]).mul(1e4),
  selu: (x) => tf.selu(x),
  prelu: (x, y) => tf.prelu(x, y),
  mod: (x, y) => tf.mod(x, y.abs().add(0.5)),
  floorDiv: (x) => tf.floorDiv(x.mul(10).toInt(), tf.scalar(3, "int32")).toFloat(),
  gatherND: (x) =>
    tf.gatherND(
      x,
      tf.tensor2d(
        [
          [1, 2],
          [3, 0],
        ],
        [2, 2],
        "int32",
      ),
    ),
  "pad of integers": (x) =>
    tf
      .pad(
        x.mul(10).toInt(),
        [
          [0, 1],
          [2, 0],
        ],
        7,
      )
      .toFloat(),
  "gather in batches": (x) => tf.gather(x, tf.tensor2d([[1], [0], [5], [2]], [4, 1], "int32"), 1, 1),
  scatterND: (x) => tf.scatterND(tf.tensor2d([[1], [3], [1]], [3, 1], "int32"), x.slice([0, 0], [3, 6]), [5, 6]),
  "tensor scatter": (x, y) =>
    tf.tensorScatterUpdate(x, tf.tensor2d([[1], [3]], [2, 1], "int32"), y.slice([0, 0], [2, 6])),
  mirrorPad: (x) =>
    tf.mirrorPad(
      x,
      [
        [1, 1],
        [2, 0],
      ],
      "reflect",
    ),
  einsum: (x, y) => tf.einsum("ij,kj->ik", x, y),
  "NaN goes through": (x, y) => {
    const nan = tf.where(tf.greater(x, 0.3), tf.fill([4, 6], Number.NaN), x);
    return tf.addN([tf.relu(nan), tf.step(nan), tf.maximum(nan, y), tf.minimum(nan, y), tf.clipByValue(nan, -1, 1)]);
  },
  "NaN in reductions": (x) => {
    const nan = tf.where(tf.greater(x, 1), tf.fill([4, 6], Number.NaN), x);
    return tf.stack([
      tf.max(nan, 1),
      tf.min(nan, 1),
      tf.sum(nan, 1),
      tf.max(nan, [0, 1]).expandDims().tile([4]),
      tf.min(nan.tile([1, 5]), 1),
    ]);
  },
};

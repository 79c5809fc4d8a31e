import type { Tensor } from "@tensorflow/tfjs";
import * as tf from "@tensorflow/tfjs";

/** What a cell goes on with, [batch, width] each. */
export interface LstmState {
  readonly hidden: Tensor;
  readonly cell: Tensor;
}

/** What a step computed, kept for its gradient. */
interface LstmStep extends LstmState {
  /** Input, forget and output gate side by side [batch, 3 width]. */
  readonly open: Tensor;
  readonly candidate: Tensor;
  /** tanh of the cell. */
  readonly shown: Tensor;
}

/**
 * One step of an LSTM: gates [batch, 4 width] before their activation, in the order input, forget, output, candidate.
 *
 * Source: Hochreiter and Schmidhuber 1997, with the forget gate of Gers, Schmidhuber and Cummins 2000; no peepholes.
 */
export const lstmCell = (gates: Tensor, cell: Tensor): LstmState => stepOf(gates, cell);

function stepOf(gates: Tensor, before: Tensor | undefined): LstmStep {
  const width = gates.shape[1]! / 4;
  const open = tf.sigmoid(tf.slice(gates, [0, 0], [-1, 3 * width]));
  const candidate = tf.tanh(tf.slice(gates, [0, 3 * width], [-1, width]));
  const [input, forget, output] = tf.split(open, 3, 1) as [Tensor, Tensor, Tensor];
  const taken = tf.mul(input, candidate);
  const cell = before === undefined ? taken : tf.add(tf.mul(forget, before), taken);
  const shown = tf.tanh(cell);
  return { open, candidate, cell, shown, hidden: tf.mul(output, shown) };
}

/**
 * An LSTM over whole sequences from a state of zeros: its inputs' part of the gates [time, batch, 4 width] and the recurrent
 * weights [width, 4 width] -> hidden states [time, batch, width].
 *
 * The gradient is written by hand, backwards through time, so that the recurrent weights' is one product for all steps.
 */
export function lstm(gates: Tensor, recurrent: Tensor): Tensor {
  const layer = tf.customGrad((...args) => {
    const [inputs, weights, save] = args;
    if (!(inputs instanceof tf.Tensor && weights instanceof tf.Tensor) || typeof save !== "function") {
      throw new TypeError("lstm takes two tensors");
    }
    const steps = forwards(inputs, weights);
    save([weights, ...steps.flatMap(kept)]);
    return {
      value: tf.stack(steps.map(({ hidden }) => hidden)),
      gradFunc: (dy: Tensor, saved: Tensor[]) =>
        backwards(
          dy,
          saved[0]!,
          steps.map((_, at) => restored(saved, at)),
        ),
    };
  });
  return layer(gates, recurrent);
}

const kept = ({ open, candidate, cell, shown, hidden }: LstmStep): readonly Tensor[] => [
  open,
  candidate,
  cell,
  shown,
  hidden,
];

/** A step of what {@link kept} kept, the weights before all. */
function restored(saved: readonly Tensor[], at: number): LstmStep {
  const [open, candidate, cell, shown, hidden] = saved.slice(1 + 5 * at) as [Tensor, Tensor, Tensor, Tensor, Tensor];
  return { open, candidate, cell, shown, hidden };
}

function forwards(inputs: Tensor, recurrent: Tensor): readonly LstmStep[] {
  const steps: LstmStep[] = [];
  for (const input of tf.unstack(inputs)) {
    const before = steps.at(-1);
    const gates = before === undefined ? input : tf.add(input, tf.matMul(before.hidden, recurrent));
    steps.push(stepOf(gates, before?.cell));
  }
  return steps;
}

/** Gradients of the gates [time, batch, 4 width] and of the recurrent weights. */
function backwards(dy: Tensor, recurrent: Tensor, steps: readonly LstmStep[]): Tensor[] {
  const from = tf.unstack(dy);
  const found: Tensor[] = [];
  let later: { readonly hidden: Tensor; readonly cell: Tensor } | undefined;
  for (let at = steps.length - 1; at >= 0; at--) {
    const dHidden = later === undefined ? from[at]! : tf.add(from[at]!, later.hidden);
    const { gates, cell } = stepGradient(steps[at]!, steps[at - 1]?.cell, dHidden, later?.cell);
    found.unshift(gates);
    later = { hidden: tf.matMul(gates, recurrent, false, true), cell };
  }
  const before = steps.slice(0, -1).map(({ hidden }) => hidden);
  const product =
    before.length === 0
      ? tf.zerosLike(recurrent)
      : tf.matMul(tf.concat(before, 0), tf.concat(found.slice(1), 0), true, false);
  return [tf.stack(found), product];
}

/** Gradients of a step's gates, before their activation, and of the cell before it. */
function stepGradient(
  { open, candidate, shown }: LstmStep,
  before: Tensor | undefined,
  dHidden: Tensor,
  dLater: Tensor | undefined,
): { readonly gates: Tensor; readonly cell: Tensor } {
  const [input, forget, output] = tf.split(open, 3, 1) as [Tensor, Tensor, Tensor];
  const through = tf.mul(tf.mul(dHidden, output), tf.sub(1, tf.square(shown)));
  const dCell = dLater === undefined ? through : tf.add(through, dLater);
  const forgotten = before === undefined ? tf.zerosLike(dCell) : tf.mul(dCell, before);
  const dOpen = tf.concat([tf.mul(dCell, candidate), forgotten, tf.mul(dHidden, shown)], 1);
  const gates = tf.concat(
    [tf.mul(dOpen, tf.mul(open, tf.sub(1, open))), tf.mul(tf.mul(dCell, input), tf.sub(1, tf.square(candidate)))],
    1,
  );
  return { gates, cell: tf.mul(dCell, forget) };
}

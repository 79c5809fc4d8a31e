import type { Engine, Random, TensorProgram, TensorState } from "@lowerbound/core";
import { windowBatch } from "../data/windows.js";
import { tokenLoss } from "../model/loss.js";
import { networkOf } from "../model/networks.js";
import { fillBatch, type TokenData } from "./token-data.js";
import { batchInputs, parametersOf, type UpdateSizes, updateState } from "./update.js";

/** Mini-batches of windows that the loss is measured on, the same each time. */
const BATCHES = 8;

/** The loss on windows of episodes that nothing was trained on. */
export interface HeldOutLoss {
  /** Nothing dropped. */
  measure(state: TensorState): Promise<number>;
  dispose(): Promise<void>;
}

export async function openHeldOutLoss(
  engine: Engine,
  data: TokenData,
  { sizes, random }: { readonly sizes: UpdateSizes; readonly random: Random },
): Promise<HeldOutLoss> {
  const program = await engine.compile(lossProgram(sizes));
  const chosen = random.integers(new Int32Array(BATCHES * sizes.batch), data.windows.count);
  const batch = windowBatch(sizes.batch, data.window);
  return {
    measure: async (state) => {
      let sum = 0;
      for (let k = 0; k < BATCHES; k++) {
        fillBatch(data, chosen.subarray(k * sizes.batch, (k + 1) * sizes.batch), batch);
        const { loss } = await program.run(state, { ...batch });
        sum += loss!.data[0]!;
      }
      return sum / BATCHES;
    },
    dispose: () => program.dispose(),
  };
}

function lossProgram(sizes: UpdateSizes): TensorProgram {
  const { architecture, weights } = sizes;
  const { decayed, undecayed } = updateState(architecture);
  return {
    name: `${networkOf(architecture).name}-loss`,
    state: { decayed: decayed!, undecayed: undecayed! },
    inputs: batchInputs(sizes),
    noise: {},
    fn: (tensors) => {
      const given = { tokens: tensors.tokens!, targets: tensors.targets!, mask: tensors.mask! };
      return { loss: tokenLoss(given, parametersOf(tensors, architecture), architecture, { weights }) };
    },
  };
}

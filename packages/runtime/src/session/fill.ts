import type { InferenceSession, Tensor } from "onnxruntime-common";
import { emit, inputName, outputName, STOP } from "../onnx/emit.js";
import { sessionExtras } from "./extras.js";
import type { OnnxRuntime } from "./onnx-runtime.js";

type Tensors = Readonly<Record<string, Tensor>>;

/** What the binding says when it meets {@link STOP}. */
const NOT_A_TENSOR = "Non tensor type is temporarily not supported";

/**
 * Run a session whose first output is {@link STOP} so that results are written into the given tensors and nowhere else.
 *
 * onnxruntime-node fills given tensors, then copies each of them into a new array for a result that nobody reads:
 * 11 MB an update of the ensemble. It makes results in the order of the outputs and cannot make one of a sequence, so
 * it stops before the first copy.
 */
export async function runIntoGiven(session: InferenceSession, feeds: Tensors, results: Tensors): Promise<void> {
  try {
    await session.run(feeds, { [STOP]: null, ...results });
  } catch (error) {
    if (!String(error).includes(NOT_A_TENSOR)) throw error;
  }
}

/** Whether a binding has run, and filled what it was given, when {@link STOP} stops it: tried on a sum. */
export async function canStop({
  InferenceSession,
  Tensor: OrtTensor,
}: Pick<OnnxRuntime, "InferenceSession" | "Tensor">) {
  const x = { id: 0, dtype: "float32", shape: [1], input: "x" } as const;
  const y = { id: 1, dtype: "float32", shape: [1] } as const;
  const sum = { op: "Add", domain: "", inputs: [x, x], outputs: [y], attributes: {} } as const;
  const model = emit({ name: "sum", inputs: [x], nodes: [sum], outputs: { y } }, { stop: true });
  const result = new OrtTensor("float32", new Float32Array(1), [1]);
  try {
    const session = await InferenceSession.create(model, {
      intraOpNumThreads: 1,
      extra: { session: sessionExtras(false) },
    });
    const feeds = { [inputName("x")]: new OrtTensor("float32", Float32Array.of(2), [1]) };
    await runIntoGiven(session, feeds, { [outputName("y")]: result });
    await session.release();
  } catch {
    return false;
  }
  return result.data[0] === 4;
}

import type { InferenceSession, Tensor } from "onnxruntime-common";

/** The part of an onnxruntime package that sessions need. */
export interface OnnxRuntime {
  /** Name of the package. */
  readonly name: "onnxruntime-node" | "onnxruntime-web";
  /** Whether results are written into the tensors that `run` is given for them, and `STOP` spares their copies. */
  readonly fillsGiven: boolean;
  readonly InferenceSession: {
    create(model: Uint8Array, options: InferenceSession.SessionOptions): Promise<InferenceSession>;
  };
  readonly Tensor: typeof Tensor;
}

/** Loads a runtime; told how many threads it may use, because some take that at loading time only. */
export type RuntimeLoader = (threads: number) => Promise<OnnxRuntime>;

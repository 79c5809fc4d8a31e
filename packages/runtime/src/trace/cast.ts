import type { GraphType, Value } from "../graph/graph.js";
import type { KernelCall } from "./context.js";

/** Numbers of ONNX's element types. */
export const ONNX_TYPE = { float32: 1, int32: 6, int64: 7, bool: 9 } as const;

/** The value in another element type. */
export const cast = ({ node }: Pick<KernelCall, "node">, x: Value, dtype: GraphType): Value =>
  x.dtype === dtype ? x : node("Cast", [x], dtype, x.shape, { attributes: { to: ONNX_TYPE[dtype] } });

import { defineComponent, Engine } from "@lowerbound/core";
import { z } from "zod";
import { loadCpu } from "./backends.js";
import { type BackendLoader, createEagerEngine } from "./eager.js";

/** An engine component without options that runs programs on a TensorFlow.js backend. */
export function eagerComponent<const Type extends string>(type: Type, summary: string, load: BackendLoader) {
  return defineComponent({
    kind: Engine,
    type,
    summary,
    config: z.object({}),
    create: () => createEagerEngine(type, load),
  });
}

export const cpu = eagerComponent("cpu", "eager, in plain JavaScript", loadCpu);

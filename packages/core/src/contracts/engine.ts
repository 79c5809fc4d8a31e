import { defineKind } from "../registry/kind.js";
import type { HostTensor, Specs, TensorProgram, TypedArray } from "./tensors.js";

/**
 * Tensors kept between runs, by name. Several programs can share one state.
 *
 * A run replaces the entries it updates and may reuse the arrays of the replaced ones two runs later
 * (double buffering): copy what must outlive the next run. It writes into no array that it reads, and into none that another
 * state's run has put there.
 */
export type TensorState = Map<string, HostTensor>;

/** A program made ready to run; calls must not overlap. */
export interface CompiledProgram {
  readonly program: TensorProgram;
  /** Specs of all outputs, state updates included. */
  readonly outputs: Specs;
  /**
   * Run once: read and update `state`, return the other outputs.
   * Returned arrays are valid until the next run of this program.
   * @throws ConfigError naming the tensor if an input or state tensor is missing or has another size.
   */
  run(state: TensorState, inputs: Readonly<Record<string, TypedArray>>): Promise<Readonly<Record<string, HostTensor>>>;
  dispose(): Promise<void>;
}

/** Runs tensor programs: compiled to one graph, or eagerly on a TensorFlow.js backend. */
export interface Engine {
  readonly name: string;
  /** Human-readable facts: version, threads, execution provider. */
  describe(): Readonly<Record<string, string | number>>;
  compile(program: TensorProgram): Promise<CompiledProgram>;
  dispose(): Promise<void>;
}

export const Engine = defineKind<Engine>()("engine", {
  summary: "runs tensor programs",
  default: "auto",
});

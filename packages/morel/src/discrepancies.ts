import {
  CapabilityError,
  type Dataset,
  type Dimensions,
  type DynamicsModel,
  type FitContext,
  type Fitted,
  float32,
  heldOutOf,
  overRows,
  penaltyInputs,
  scoped,
  specsOf,
  stepModel,
  type TensorProgram,
  type UncertaintyPenalty,
  uncertainty,
  unscoped,
} from "@lowerbound/core";

export interface DiscrepancyParts {
  readonly dynamics: DynamicsModel;
  readonly penalty: UncertaintyPenalty;
  /** Pairs that go through the model at once. */
  readonly rows: number;
}

/** @throws CapabilityError for a penalty that cannot tell known from unknown before there is a policy. */
export function checkDetector(penalty: UncertaintyPenalty): void {
  if (penalty.appliesTo === "target" || (penalty.requests ?? []).length > 0) {
    throw new CapabilityError("the penalty asks for a critic or a policy, and the threshold is learnt before either", {
      where: "penalty",
      expected: "one of observation, action and model alone, such as `max-pairwise-difference`",
    });
  }
}

/** u(s, a) of every logged pair [count]; where the penalty was fitted, of those that it was not fitted to. */
export async function discrepancies(context: FitContext, parts: DiscrepancyParts): Promise<Float32Array> {
  const transitions = await unseenBy(parts.penalty, context).transitions();
  const model = context.fitted("dynamics");
  const detector = parts.penalty.fit === undefined ? { tensors: {}, facts: {} } : context.fitted("penalty");
  const program = await context.engine.compile(discrepancyProgram(transitions, parts, { model, detector }));
  const state = new Map(
    Object.entries({ ...scoped("dynamics", model.tensors), ...scoped("penalty", detector.tensors) }),
  );
  const { u } = await overRows(program, state, {
    inputs: { observation: transitions.observations, action: transitions.actions },
    count: transitions.count,
    random: context.random.stream("discrepancies"),
    signal: context.run.signal,
  }).finally(() => program.dispose());
  return u ?? new Float32Array(0);
}

const unseenBy = ({ fit }: UncertaintyPenalty, context: FitContext): Dataset =>
  fit === undefined ? context.dataset : heldOutOf(context, "algorithm");

function discrepancyProgram(
  dimensions: Dimensions,
  { dynamics, penalty, rows }: DiscrepancyParts,
  { model, detector }: { readonly model: Fitted; readonly detector: Fitted },
): TensorProgram {
  return {
    name: "discrepancies",
    state: {
      ...scoped("dynamics", dynamics.parameters(model.tensors)),
      ...scoped("penalty", specsOf(detector.tensors)),
    },
    inputs: { observation: float32(rows, dimensions.observation), action: float32(rows, dimensions.action) },
    noise: {
      ...scoped("dynamics", dynamics.stepNoise(dimensions, rows, model.tensors)),
      ...scoped("penalty", penalty.noise?.(rows, dimensions) ?? {}),
    },
    fn: (tensors) => {
      const at = { observation: tensors.observation!, action: tensors.action! };
      const own = unscoped("dynamics", tensors);
      const step = stepModel(dynamics, at, own);
      const detected = unscoped("penalty", tensors);
      return { u: uncertainty(penalty, penaltyInputs(at, step, detected), detected) };
    },
  };
}

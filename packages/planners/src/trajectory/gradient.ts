import {
  CapabilityError,
  defineComponent,
  Planner,
  type PlanRequest,
  type SequenceEvaluator,
  type SequenceGradients,
} from "@lowerbound/core";
import { z } from "zod";
import { clipActions, evenActions } from "../box.js";
import { join } from "../join.js";
import { horizonOption, scorePessimism } from "../options.js";
import { sequencesOf } from "../request.js";
import { createIncumbent } from "../scores.js";
import { type Found, planByRounds, type Watch } from "./rounds.js";
import { shiftedPlan } from "./warm-start.js";

const count = z.int().positive();

const config = z.object({
  horizon: horizonOption(15),
  steps: count.default(30).describe("steps of gradient ascent"),
  starts: count
    .default(16)
    .describe("sequences that climb side by side: the rest of the plan before, and others drawn evenly from the box"),
  learningRate: z.number().positive().default(0.1).describe("Adam's step size, in half-widths of the box"),
  pessimism: scorePessimism,
});

export type GradientOptions = Omit<z.output<typeof config>, "pessimism">;

/** Planner `gradient`. */
export const gradientPlanner = defineComponent({
  kind: Planner,
  type: "gradient",
  summary: "gradient ascent on action sequences through a differentiable model, from several starts",
  documentation:
    "Adam on the score's gradient by the actions, put into the box after each step; the best sequence seen is the plan. " +
    "Takes probabilities into account through the model's scores. In a model of tokens it climbs a relaxation, and the " +
    "plan is what the tokens themselves score highest of where each start ended and of the best on the way. A model without " +
    "gradients, such as a simulator, is refused with its reason. Source: Henaff et al. 2017 (planning by backpropagation " +
    "through a model).",
  config,
  create: ({ pessimism, ...options }): Planner => ({
    seam: "gradient",
    pessimism,
    plan: async (request) => {
      const evaluator = sequencesOf(request, options.horizon);
      const starts = startsOf(request, evaluator, options);
      return planByRounds(request, evaluator, (watch) => ascend(evaluator, starts, options, watch));
    },
  }),
});

function startsOf(request: PlanRequest, evaluator: SequenceEvaluator, { starts, horizon }: GradientOptions) {
  const sequences = evenActions(evaluator, starts * horizon, request.random);
  sequences.set(shiftedPlan(request, evaluator, horizon, "last"));
  return sequences;
}

const [BETA1, BETA2, EPSILON] = [0.9, 0.999, 1e-8] as const;

/**
 * Climb from sequences [starts, horizon, action], each on its own.
 *
 * A sequence whose score is not finite loses; one below a floor climbs on, as its gradients lead out of it. Scores of a relaxation show the way only:
 * where each start ended, and the best on the way, are scored again.
 * @throws CapabilityError for an evaluator without gradients
 * @throws NumericalError when no score was ever finite
 */
export async function ascend(
  evaluator: SequenceEvaluator,
  starts: Float32Array,
  options: GradientOptions,
  { observe, expired }: Watch = {},
): Promise<Found> {
  const { horizon, steps } = options;
  const population = starts.length / (horizon * evaluator.actionSize);
  const climber = adam(evaluator, starts.length, options.learningRate);
  const incumbent = createIncumbent();
  let sequences = clipActions(starts.slice(), evaluator);
  let rounds = 0;
  for (;;) {
    const { scores, gradients } = await gradientOf(evaluator)(sequences, population, horizon);
    incumbent.offer(sequences, scores);
    observe?.({ population: sequences, scores });
    rounds++;
    if (rounds > steps || expired?.()) break;
    sequences = climber(sequences, gradients);
  }
  const found = { rounds, evaluations: rounds * population };
  if (evaluator.relaxed !== true) return { ...incumbent.best(), ...found };
  const ends = join([sequences, incumbent.best().sequence]);
  const chosen = createIncumbent();
  chosen.offer(ends, await evaluator.evaluate(ends, population + 1, horizon));
  return { ...chosen.best(), ...found, evaluations: found.evaluations + population + 1 };
}

function gradientOf(
  evaluator: SequenceEvaluator,
): (...given: Parameters<SequenceEvaluator["evaluate"]>) => Promise<SequenceGradients> {
  if (evaluator.gradient !== undefined) return evaluator.gradient.bind(evaluator);
  throw new CapabilityError("the model has no gradients to climb", {
    where: "planner.gradient",
    expected: "a differentiable model",
    remedy: "choose a planner that needs scores only, such as cem",
  });
}

/**
 * One step of Adam up the gradients, in half-widths of the box; entries without a finite gradient stay, as momentum would
 * carry them further into where the model has no numbers.
 */
function adam(box: SequenceEvaluator, size: number, learningRate: number) {
  const [first, second] = [new Float64Array(size), new Float64Array(size)];
  let step = 0;
  return (sequences: Float32Array, gradients: Float32Array): Float32Array => {
    step++;
    const moved = sequences.map((action, i) => {
      if (!Number.isFinite(gradients[i]!)) return action;
      const a = i % box.actionSize;
      const width = (box.high[a]! - box.low[a]!) / 2;
      const gradient = gradients[i]! * width;
      first[i] = BETA1 * first[i]! + (1 - BETA1) * gradient;
      second[i] = BETA2 * second[i]! + (1 - BETA2) * gradient ** 2;
      const rate = first[i]! / (1 - BETA1 ** step) / (Math.sqrt(second[i]! / (1 - BETA2 ** step)) + EPSILON);
      return action + learningRate * width * rate;
    });
    return clipActions(moved, box);
  };
}

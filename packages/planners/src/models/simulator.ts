import {
  CapabilityError,
  ConfigError,
  type Dimensions,
  defineComponent,
  type Environment,
  type EnvironmentFactory,
  type EnvironmentSnapshot,
  EnvironmentSource,
  type PlanningModel,
  PlanningModelSource,
  type Proposal,
  type ProposalModel,
  scoringShape,
  slot,
} from "@lowerbound/core";
import { z } from "zod";
import { evenActions, evenLogProbability } from "../box.js";
import { continueEach } from "../continue-each.js";
import { checkObservation } from "./groups.js";

const config = z.object({
  environment: slot(EnvironmentSource).describe("the simulator to plan in"),
  discount: scoringShape.discount,
});

/** Planning model `simulator`. */
export const simulatorPlanningModel = defineComponent({
  kind: PlanningModelSource,
  type: "simulator",
  summary: "plans in the true simulator: the oracle beside which learnt models are seen",
  documentation:
    "Not offline learning: it shows what a planner is worth with a perfect model. The simulator is put into a state that " +
    "looks like the observation; what observations hide, such as the position along the track, starts at rest. Actions " +
    "are proposed evenly from the box, so nothing of the data is taken into account. It has no gradients.",
  config,
  create: ({ environment, discount }): PlanningModelSource => ({
    prepare: async () => ({ tensors: {}, facts: {} }),
    open: async ({ dimensions }) => openSimulator(environment, dimensions, { discount, logProbabilityCoefficient: 0 }),
  }),
});

/** @throws CapabilityError for a simulator whose state cannot be set, ConfigError for one of other dimensions */
export async function openSimulator(
  factory: EnvironmentFactory,
  dimensions: Dimensions,
  scoring: PlanningModel["scoring"],
): Promise<PlanningModel> {
  const environment = await factory.create();
  const controls = controlsOf(environment);
  checkDimensions(environment, dimensions);
  const { low, high } = environment.actionSpace;
  const box = { actionSize: low.length, low: Float32Array.from(low), high: Float32Array.from(high) };
  return {
    ...box,
    observationSize: dimensions.observation,
    contextLength: 0,
    offers: { sequences: ["none"], proposals: ["none"] },
    refusesGradient: "a simulator is not differentiable",
    scoring,
    proposals: () => simulatorProposals(environment, controls, box),
    close: async () => environment.close(),
  };
}

type Controls = Required<Pick<Environment, "snapshot" | "restore" | "resetToObservation">>;

function controlsOf(environment: Environment): Controls {
  const { snapshot, restore, resetToObservation } = environment;
  if (snapshot !== undefined && restore !== undefined && resetToObservation !== undefined) {
    return { snapshot, restore, resetToObservation };
  }
  throw new CapabilityError(`${environment.id} cannot be put into the state that an observation shows`, {
    where: "planning-model.environment",
    expected: "an environment with snapshot, restore and resetToObservation",
  });
}

function checkDimensions(
  { id, observationSpace, actionSpace }: Environment,
  { observation, action }: Dimensions,
): void {
  if (observationSpace.shape[0] === observation && actionSpace.shape[0] === action) return;
  throw new ConfigError(
    `${id} has ${observationSpace.shape[0]} observation and ${actionSpace.shape[0]} action entries`,
    {
      where: "planning-model.environment",
      expected: `${observation} and ${action}, as the data have`,
    },
  );
}

function simulatorProposals(
  environment: Environment,
  { snapshot, restore, resetToObservation }: Controls,
  box: Pick<ProposalModel, "actionSize" | "low" | "high">,
): ProposalModel<EnvironmentSnapshot> {
  const { actionSize } = box;
  const logProbability = evenLogProbability(box);
  const advance = async (nodes: readonly EnvironmentSnapshot[], actions: Float32Array) =>
    nodes.map((node, n): Proposal<EnvironmentSnapshot> => {
      const action = actions.slice(n * actionSize, (n + 1) * actionSize);
      restore.call(environment, node);
      const { reward, terminated, truncated } = environment.step(action);
      const ended = terminated || truncated;
      return { action, logProbability, reward, terminated: ended, node: snapshot.call(environment) };
    });
  return {
    ...box,
    pessimism: "none",
    root: ({ observation }) => {
      checkObservation(observation, environment.observationSpace.shape[0]);
      resetToObservation.call(environment, observation);
      return snapshot.call(environment);
    },
    expand: (nodes, k, random) =>
      continueEach(nodes, k, (repeated) => advance(repeated, evenActions(box, repeated.length, random))),
    advance,
  };
}

import { numberText } from "../page/numbers.js";
import type { PenaltyCalibration } from "../runs/calibration.js";
import type { RunRecord } from "../runs/read-run.js";
import { calibratedOf } from "./calibration.js";
import type { Chart, ChartSection } from "./chart.js";
import { curves, type Series } from "./curves.js";
import { present } from "./frame.js";

/** Where a rollout goes, and what its error is. */
interface Place {
  readonly id: string;
  readonly on: string;
  readonly title: string;
  readonly subtitle: string;
  readonly x: string;
}

const PLACES: readonly Place[] = [
  {
    id: "along-visits",
    on: "visits",
    title: "Penalty and model error along the policy's episodes",
    subtitle: "In the simulator; the error is that of one step from the state that the policy has reached",
    x: "step of the episode",
  },
  {
    id: "along-open-loop",
    on: "held-out",
    title: "Penalty and model error along open-loop predictions",
    subtitle: "Logged actions from held-out rows on; the error adds up, the penalty is that of each step alone",
    x: "steps since the model last saw an observation",
  },
];

/** Penalties beside the true error by step of a rollout, two charts a run at most; undefined where no run has any. */
export function alongCharts(runs: readonly RunRecord[]): ChartSection | undefined {
  const found = calibratedOf(runs).filter(({ calibration }) => calibration.penalties.some(({ along }) => along.length));
  if (found.length === 0) return undefined;
  const charts = found.flatMap(({ name, calibration }, at) =>
    PLACES.map((place) => {
      const penalties = calibration.penalties.filter(({ on, along }) => on === place.on && along.length > 0);
      if (found.length === 1) return placeChart(place, penalties);
      return placeChart({ ...place, id: `${place.id}-${at + 1}`, title: `${name}: ${place.title}` }, penalties);
    }),
  );
  return { id: "along", title: "Penalty and error along rollouts", charts: present(...charts), notes: [] };
}

function placeChart({ id, title, subtitle, x }: Place, penalties: readonly PenaltyCalibration[]): Chart | undefined {
  const errors = [false, true].flatMap((reward) => penalties.find(({ seesReward }) => seesReward === reward) ?? []);
  const lines = [...errors.map(errorLine), ...penalties.map(penaltyLine)];
  const positive = lines.every(({ points }) => points.every(({ centre, low = centre }) => centre > 0 && low > 0));
  return curves({
    id,
    title,
    subtitle: `${subtitle}. Lines are means, the band quartiles of the error; each u is scaled to the mean error`,
    x,
    y: "model error, and u scaled to its mean",
    logarithmic: positive ? "y" : "none",
    yFormat: "~g",
    series: lines.map((each, index) => ({ ...each, colour: index, dash: index })),
  });
}

type Line = Pick<Series, "label" | "points">;

const middle = ({ from, to }: PenaltyCalibration["along"][number]): number => (from + to) / 2;

/** The same for all penalties of a place that look at the reward, and for all that do not. */
const errorLine = ({ seesReward, along }: PenaltyCalibration): Line => ({
  label: seesReward ? "true error of state and reward" : "true error of the state",
  points: along.map((bin) => ({
    step: middle(bin),
    centre: bin.meanError,
    low: bin.lowerQuartile,
    high: bin.upperQuartile,
    runs: 1,
  })),
});

/** Penalties have units of their own, and a coefficient that weighs them: what compares is how they rise and fall. */
function penaltyLine({ type, along }: PenaltyCalibration): Line {
  const total = (of: (bin: PenaltyCalibration["along"][number]) => number) =>
    along.reduce((sum, bin) => sum + bin.rows * of(bin), 0);
  const [penalty, error] = [total((bin) => bin.meanPenalty), total((bin) => bin.meanError)];
  const scale = penalty > 0 ? error / penalty : 1;
  return {
    label: `${type}, u × ${numberText(scale)}`,
    points: along.map((bin) => ({ step: middle(bin), centre: scale * bin.meanPenalty, runs: 1 })),
  };
}

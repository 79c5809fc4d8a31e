import { openFigure } from "@lowerbound/environments";
import { type Frame, filmStrip } from "@lowerbound/reports";
import type { PlanReport } from "./plan-file.js";
import type { Played } from "./play.js";

/** Pictures of an episode. */
const PICTURES = 20;

/** Draws an environment's episodes. @throws ConfigError if its poses cannot be drawn */
export async function openReel(environmentId: string) {
  const figure = await openFigure(environmentId);
  return {
    /** A film strip of evenly spaced steps, the first and the last among them. */
    film: ({ positions, episode }: Played, { planner, model, pessimism }: PlanReport): string => {
      const count = Math.min(PICTURES, positions.length);
      const frames = Array.from({ length: count }, (_, i): Frame => {
        const step = Math.round((i * (positions.length - 1)) / Math.max(count - 1, 1));
        return { label: `step ${step}`, bars: figure.limbs(positions[step]!) };
      });
      figure.close();
      const earned = episode.steps.reduce((sum, { realised }) => sum + realised, 0);
      return filmStrip([{ name: "", frames }], {
        title: `${environmentId}: ${planner.type} in ${model.type}`,
        subtitle: `Return ${earned.toFixed(1)} in ${episode.steps.length} steps; probabilities by: ${pessimism}`,
        ground: figure.ground,
      });
    },
  };
}

import { DataError, type Environment } from "@lowerbound/core";
import { isSimulated, openFigure } from "@lowerbound/environments";
import { type Bar, type Frame, filmStrip, type Reel } from "@lowerbound/reports";
import type { Forecast } from "./forecast.js";
import { lengthOf, type Truth } from "./step-error.js";

/** Pictures of a motion. */
const PICTURES = 10;
/** A body that leaves where the true one ever is by this share of its extent has left the picture. */
const MARGIN = 0.35;

const UNSEEN = "; where along the ground is not observed";

/** Draws what an observation shows. */
export interface Camera {
  readonly id: string;
  readonly ground: number | undefined;
  pose(observation: Float32Array): readonly Bar[];
  close(): void;
}

/** @throws ConfigError if the environment's poses cannot be drawn */
export async function openCamera(environment: Environment): Promise<Camera> {
  const figure = await openFigure(environment.id);
  return {
    id: environment.id,
    ground: figure.ground,
    pose: (observation) => {
      environment.resetToObservation?.(observation);
      const positions = isSimulated(environment) ? environment.snapshot().state.qpos : undefined;
      return figure.limbs(positions ?? []);
    },
    close: () => figure.close(),
  };
}

export interface Film {
  readonly truth: Truth;
  readonly forecasts: readonly Forecast[];
  /** Of the forecasts. */
  readonly steps: number;
}

/** The longest episode as it came, and as each model's drawn motion has it, one below the other. */
export function filmOf(camera: Camera, { truth, forecasts, steps }: Film): string {
  const lengths = truth.observations.map((_, episode) => lengthOf(truth, episode));
  const episode = lengths.indexOf(Math.max(...lengths));
  const shown = evenly(lengths[episode]!);
  const width = truth.observation;
  const came = framesOf(camera, shown, (step) => truth.observations[episode]!.slice(step * width, (step + 1) * width));
  const inside = insideOf(came);
  const motions = forecasts.filter(({ way }) => way === "drawn");
  const reels = motions.map(({ name, observations }): Reel => {
    const from = episode * steps * width;
    const at = (step: number) => observations.slice(from + step * width, from + (step + 1) * width);
    const frames = framesOf(camera, shown, at);
    const gone = frames.findIndex((frame) => frame.bars.length === 0 || !inside(frame));
    if (gone < 0) return { name: `${name}, drawn`, frames };
    return {
      name: `${name}, drawn: what follows is no pose, or far out of the picture`,
      frames: frames.slice(0, gone),
    };
  });
  return filmStrip([{ name: "as it came", frames: came }, ...reels], {
    title: `${camera.id}: ${lengths[episode]} steps open loop`,
    subtitle: `Each from the same first observation, under the same actions${camera.ground === undefined ? "" : UNSEEN}`,
    ground: camera.ground,
  });
}

/** Numbers of evenly spaced steps, the first and the last among them. */
function evenly(length: number): readonly number[] {
  const count = Math.min(PICTURES, length);
  return Array.from({ length: count }, (_, i) => Math.round((i * (length - 1)) / Math.max(count - 1, 1)));
}

/** Pictures of observations; without bars where one shows no pose. */
function framesOf(camera: Camera, steps: readonly number[], at: (step: number) => Float32Array): readonly Frame[] {
  return steps.map((step) => ({ label: `step ${step + 1}`, bars: barsOf(camera, at(step)) }));
}

function barsOf(camera: Camera, observation: Float32Array): readonly Bar[] {
  if (!observation.every(Number.isFinite)) return [];
  try {
    return camera.pose(observation);
  } catch (error) {
    if (error instanceof DataError) return [];
    throw error;
  }
}

/** Whether a picture's body lies about where those of others do. */
function insideOf(frames: readonly Frame[]): (frame: Frame) => boolean {
  const [across, up] = [extentOf(frames, 0), extentOf(frames, 1)];
  const margin = MARGIN * Math.max(across.high - across.low, up.high - up.low);
  return (frame) =>
    [across, up].every(({ low, high }, axis) => {
      const own = extentOf([frame], axis === 0 ? 0 : 1);
      return own.low >= low - margin && own.high <= high + margin;
    });
}

function extentOf(frames: readonly Frame[], axis: 0 | 1): { readonly low: number; readonly high: number } {
  const ends = frames.flatMap(({ bars }) => bars.flatMap(({ from, to }) => [from[axis], to[axis]]));
  return { low: Math.min(...ends), high: Math.max(...ends) };
}

import { escapeText } from "./escape.js";
import { colourAt, darkRules, font, ink, line, muted, paper } from "./theme.js";

/** A round-ended bar of a body, metres. */
export interface Bar {
  readonly from: readonly [number, number];
  readonly to: readonly [number, number];
  readonly radius: number;
}

/** One picture of a strip. */
export interface Frame {
  /** Such as "step 40". */
  readonly label: string;
  readonly bars: readonly Bar[];
}

/** Pictures of one motion, in the order of time. */
export interface Reel {
  /** Such as "in the simulator"; told beside the row. */
  readonly name: string;
  readonly frames: readonly Frame[];
}

export interface FilmStripOptions {
  readonly title: string;
  readonly subtitle: string;
  /** Height of the ground, where there is one. */
  readonly ground?: number | undefined;
}

const [CELL, GAP, MARGIN, HEAD, LABEL] = [112, 8, 16, 58, 18] as const;
/** Pictures side by side. */
const ACROSS = 10;

/**
 * Motions as pictures side by side, each reel in rows of its own, all at one scale: an SVG that loads nothing, dark
 * where the reader prefers that.
 *
 * A picture is centred on the body where there is ground to travel on; ticks on it stand at half metres, longer ones at whole ones, so that travel is seen.
 */
export function filmStrip(reels: readonly Reel[], { title, subtitle, ground }: FilmStripOptions): string {
  const frames = reels.flatMap((reel) => reel.frames);
  const scale = scaleOf(frames, ground);
  let y = HEAD;
  const rows = reels.flatMap((reel, at) => {
    const name = reels.length === 1 ? "" : text(MARGIN, y + 14, reel.name, { colour: colourAt(at), size: 12 });
    if (name !== "") y += 22;
    const lines = chunks(reel.frames, ACROSS).map((row) => {
      const cells = row.map((frame, column) => cell(frame, MARGIN + column * (CELL + GAP), y, { scale, ground, at }));
      y += CELL + LABEL + GAP;
      return cells.join("");
    });
    return [name, ...lines];
  });
  const across = Math.min(ACROSS, Math.max(1, ...reels.map((reel) => reel.frames.length)));
  const width = Math.max(420, 2 * MARGIN + across * (CELL + GAP) - GAP);
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" id="film-strip" width="${width}" height="${y + MARGIN}" `,
    `viewBox="0 0 ${width} ${y + MARGIN}" role="img" aria-labelledby="film-title film-desc">`,
    `<title id="film-title">${escapeText(title)}</title><desc id="film-desc">${escapeText(subtitle)}</desc>`,
    `<style>${darkRules("#film-strip")}</style><rect width="100%" height="100%" fill="${paper.light}"/>`,
    text(MARGIN, 26, title, { colour: ink.light, size: 15, weight: 600 }),
    text(MARGIN, 45, subtitle, { colour: muted.light, size: 12 }),
    ...rows,
    "</svg>\n",
  ].join("");
}

interface Scale {
  /** Pixels a metre. */
  readonly pixels: number;
  /** Height in the middle of every picture. */
  readonly middle: number;
  /** What a picture is centred on across. */
  readonly centre: (bars: readonly Bar[]) => number;
}

/** The largest scale at which every picture holds its body, and the ground below it. */
function scaleOf(frames: readonly Frame[], ground: number | undefined): Scale {
  const heights = frames.flatMap(({ bars }) => bars.flatMap(({ from, to, radius }) => extent(from[1], to[1], radius)));
  const [low, high] = [Math.min(ground ?? Infinity, ...heights), Math.max(...heights)];
  const centre = centresOf(frames, ground);
  const half = Math.max(
    (high - low) / 2,
    ...frames.map(({ bars }) => {
      const middle = centre(bars);
      return Math.max(
        ...bars.flatMap(({ from, to, radius }) => extent(from[0] - middle, to[0] - middle, radius).map(Math.abs)),
      );
    }),
  );
  return { pixels: (CELL / 2 - 8) / half, middle: (low + high) / 2, centre };
}

/** What each picture is centred on across: the body where it travels over ground, else one place for all. */
function centresOf(frames: readonly Frame[], ground: number | undefined): (bars: readonly Bar[]) => number {
  if (ground !== undefined) return centreOf;
  const all = centreOf(frames.flatMap(({ bars }) => bars));
  return () => all;
}

const extent = (a: number, b: number, radius: number): [number, number] => [
  Math.min(a, b) - radius,
  Math.max(a, b) + radius,
];

/** Middle of the body across. */
function centreOf(bars: readonly Bar[]): number {
  const ends = bars.flatMap(({ from, to }) => [from[0], to[0]]);
  return (Math.min(...ends) + Math.max(...ends)) / 2;
}

interface Place {
  readonly scale: Scale;
  readonly ground: number | undefined;
  /** Which reel, for its colour. */
  readonly at: number;
}

function cell({ label, bars }: Frame, left: number, top: number, { scale, ground, at }: Place): string {
  const centre = scale.centre(bars);
  const x = (value: number) => round(left + CELL / 2 + (value - centre) * scale.pixels);
  const y = (value: number) => round(top + CELL / 2 - (value - scale.middle) * scale.pixels);
  const body = bars.map(({ from, to, radius }) => {
    const [x1, y1, x2, y2] = [x(from[0]), y(from[1]), x(to[0]), y(to[1])];
    // A line without length has no round ends in every renderer.
    const far = x1 === x2 && y1 === y2 ? round(x1 + 0.01) : x2;
    return `<line x1="${x1}" y1="${y1}" x2="${far}" y2="${y2}" stroke-width="${round(Math.max(2 * radius * scale.pixels, 1.5))}"/>`;
  });
  const border = `<rect x="${left}" y="${top}" width="${CELL}" height="${CELL}" rx="4" fill="none" stroke="${line.light}"/>`;
  const floor = ground === undefined ? "" : groundLine(left, y(ground), centre, scale.pixels);
  const drawn = `<g stroke="${colourAt(at)}" stroke-opacity="0.8" stroke-linecap="round">${body.join("")}</g>`;
  return `${border}${floor}${drawn}${text(left + 2, top + CELL + 13, label, { colour: muted.light, size: 11 })}`;
}

/** Ground with ticks at half metres; those at whole ones are longer. */
function groundLine(left: number, y: number, centre: number, pixels: number): string {
  const reach = (CELL / 2 - 1) / pixels;
  const first = Math.ceil(2 * (centre - reach));
  const ticks = Array.from({ length: Math.max(0, Math.floor(2 * (centre + reach)) - first + 1) }, (_, i) => {
    const metres = (first + i) / 2;
    const x = round(left + CELL / 2 + (metres - centre) * pixels);
    return `<line x1="${x}" y1="${y}" x2="${x}" y2="${round(y + (Number.isInteger(metres) ? 5 : 2.5))}"/>`;
  });
  const floor = `<line x1="${left + 1}" y1="${y}" x2="${left + CELL - 1}" y2="${y}"/>`;
  return `<g stroke="${muted.light}" stroke-width="1">${floor}${ticks.join("")}</g>`;
}

interface TextStyle {
  readonly colour: string;
  readonly size: number;
  readonly weight?: number;
}

const text = (x: number, y: number, content: string, { colour, size, weight = 400 }: TextStyle): string =>
  `<text x="${x}" y="${y}" fill="${colour}" font-size="${size}" font-weight="${weight}" font-family="${escapeText(font)}">${escapeText(content)}</text>`;

const round = (value: number): number => Math.round(100 * value) / 100;

const chunks = <T>(items: readonly T[], size: number): readonly (readonly T[])[] =>
  Array.from({ length: Math.ceil(items.length / size) }, (_, i) => items.slice(i * size, (i + 1) * size));

import * as vega from "vega";
import { z } from "zod";

/** Widths of letters in the unit of the font's size: wide ones, narrow ones, all others. */
const WIDE = /[A-Z%@&mwMW—·±]/;
const NARROW = /[ iljtf.,:;'|()[\]!-]/;

/** How wide text is without a canvas to measure it, a little generous. */
export function textWidth(text: string, fontSize: number): number {
  let width = 0;
  for (const letter of text) width += WIDE.test(letter) ? 0.78 : NARROW.test(letter) ? 0.36 : 0.61;
  return width * fontSize;
}

const Item = z.looseObject({ fontSize: z.number().default(11), text: z.unknown() });

/** Let Vega lay text out by {@link textWidth}: its own guess is half as much again, and would push charts about. */
export function useTextWidth(): void {
  // Vega's documented seam for programs without a canvas, which its types leave out.
  const metrics = "textMetrics" in vega ? (vega.textMetrics as { width?: unknown }) : {};
  metrics.width = (item: unknown, text: unknown) =>
    text === null || text === undefined ? 0 : textWidth(String(text).trim(), Item.parse(item).fontSize);
}

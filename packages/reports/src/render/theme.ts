/** Colours of a light page, and what each becomes on a dark one. Charts are drawn in the light ones. */
export const ink = { light: "#1f2328", dark: "#e6edf3" } as const;
export const muted = { light: "#59636e", dark: "#9da7b1" } as const;
export const line = { light: "#d8dee4", dark: "#343b44" } as const;
export const paper = { light: "#ffffff", dark: "#11161d" } as const;

/**
 * Colours of series: told apart with the common colour deficiencies, and at 3:1 or more against the paper.
 *
 * Source: Okabe and Ito 2008, "Color universal design", darkened for light paper and lightened for dark paper.
 */
export const series = [
  { light: "#0072b2", dark: "#5ab4f0" },
  { light: "#d55e00", dark: "#ff9a57" },
  { light: "#00805c", dark: "#45cfa5" },
  { light: "#b0508c", dark: "#eda3cf" },
  { light: "#946a00", dark: "#f2c14e" },
  { light: "#5b5bd6", dark: "#b3b0ff" },
] as const;

/** Dashes that repeat the colours' message, for print and for those who see no colours. */
export const dashes = [
  [1, 0],
  [7, 3],
  [2, 2],
  [9, 3, 2, 3],
  [12, 4],
  [4, 2, 1, 2],
] as const;

export const colourAt = (at: number): string => series[at % series.length]!.light;
export const dashAt = (at: number): number[] => [...dashes[at % dashes.length]!];

const pairs = [ink, muted, line, paper, ...series];

/** Rules that turn the light colours of a chart into the dark ones where the reader prefers them. */
export function darkRules(scope: string): string {
  const rules = pairs.flatMap(({ light, dark }) => [
    `${scope} [fill="${light}"]{fill:${dark}}`,
    `${scope} [stroke="${light}"]{stroke:${dark}}`,
  ]);
  return `@media (prefers-color-scheme:dark){${rules.join("")}}`;
}

export const font = "system-ui, 'Segoe UI', Roboto, 'Helvetica Neue', 'DejaVu Sans', sans-serif";

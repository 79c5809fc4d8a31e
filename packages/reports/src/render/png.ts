import { Resvg } from "@resvg/resvg-js";

const options = {
  font: { loadSystemFonts: true, defaultFontFamily: "DejaVu Sans", sansSerifFamily: "DejaVu Sans" },
  fitTo: { mode: "zoom", value: 2 },
} as const;

/** An SVG as PNG in the light colours, two pixels a unit. */
export const renderPng = (svg: string): Uint8Array => new Resvg(svg, options).render().asPng();

/** Whether this machine has a font: without one a PNG would lack its text. */
export function hasFonts(): boolean {
  const probe = `<svg xmlns="http://www.w3.org/2000/svg" width="40" height="20"><text x="2" y="15" font-family="sans-serif">A</text></svg>`;
  return new Resvg(probe, options).innerBBox() !== undefined;
}

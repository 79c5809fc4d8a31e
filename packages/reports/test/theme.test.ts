import { expect, test } from "vitest";
import { ink, muted, paper, series } from "../src/render/theme.js";

/** Source: WCAG 2.2, relative luminance and contrast ratio. */
function luminance(hex: string): number {
  const [red, green, blue] = [1, 3, 5].map((at) => {
    const share = Number.parseInt(hex.slice(at, at + 2), 16) / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red! + 0.7152 * green! + 0.0722 * blue!;
}

function contrast(one: string, other: string): number {
  const [darker, lighter] = [luminance(one), luminance(other)].sort((a, b) => a - b);
  return (lighter! + 0.05) / (darker! + 0.05);
}

test("the measure itself: black on white, and the lightest grey that passes for text", () => {
  expect(contrast("#000000", "#ffffff")).toBeCloseTo(21, 9);
  expect(contrast("#767676", "#ffffff")).toBeCloseTo(4.54, 2);
  expect(contrast("#777777", "#ffffff")).toBeLessThan(4.5);
});

test.each(["light", "dark"] as const)(
  "series stand out from %s paper as graphics must, and text as text must",
  (scheme) => {
    for (const each of series) expect(contrast(each[scheme], paper[scheme]), each[scheme]).toBeGreaterThanOrEqual(3);
    for (const each of [ink, muted]) expect(contrast(each[scheme], paper[scheme])).toBeGreaterThanOrEqual(4.5);
  },
);

import { expect, test } from "vitest";
import { numberText } from "../src/page/numbers.js";
import { textWidth } from "../src/render/text-width.js";
import { wrap } from "../src/render/wrap.js";

test.each([
  [0, "0"],
  [25_000, "25,000"],
  [-7.12345, "−7.123"],
  [1234.56, "1,235"],
  [0.000012361, "1.236e−5"],
  [123_456_789.5, "1.235e8"],
  [Number.POSITIVE_INFINITY, "∞"],
])("%d reads %s", (value, text) => {
  expect(numberText(value)).toBe(text);
});

test("lines are as long as allowed, and a longer word stands alone", () => {
  expect(wrap("one two three extraordinary four", 9)).toEqual(["one two", "three", "extraordinary", "four"]);
});

test("text is wider with more letters, wide ones and a larger font", () => {
  expect(textWidth("mmm", 10)).toBeGreaterThan(textWidth("iii", 10));
  expect(textWidth("return", 20)).toBe(2 * textWidth("return", 10));
  expect(textWidth("", 12)).toBe(0);
});

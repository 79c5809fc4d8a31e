import { expect, test } from "vitest";
import { runNames } from "../src/index.js";
import { columnFormat, numberText } from "../src/page/numbers.js";
import { textWidth } from "../src/render/text-width.js";

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

test.each([
  [
    [525.91, 661, -3],
    ["525.9", "661.0", "−3.0"],
  ],
  [
    [0, 25_000],
    ["0", "25,000"],
  ],
  [
    [0.25, 0.5],
    ["0.25", "0.50"],
  ],
  [
    [0.00002, 4000],
    ["2e−5", "4,000"],
  ],
  [[661.04], ["661"]],
  [[9999.6], ["10,000"]],
])("the column %j reads %j", (values, texts) => {
  expect(values.map(columnFormat(values))).toEqual(texts);
});

test("text is wider with more letters, wide ones and a larger font", () => {
  expect(textWidth("mmm", 10)).toBeGreaterThan(textWidth("iii", 10));
  expect(textWidth("return", 20)).toBe(2 * textWidth("return", 10));
  expect(textWidth("", 12)).toBe(0);
});

test("names are as long as it takes to tell directories apart", () => {
  expect(runNames(["/a/s0/mopo", "/a/s1/mopo", "/a/s1/combo"])).toEqual(["s0/mopo", "s1/mopo", "combo"]);
});

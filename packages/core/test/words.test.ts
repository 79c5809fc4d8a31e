import { expect, test } from "vitest";
import { counted, wrap } from "../src/index.js";

test("one is singular, none and more are plural", () => {
  const entries = [0, 1, 2].map((count) => counted(count, "entry", "entries"));
  expect(entries).toEqual(["0 entries", "1 entry", "2 entries"]);
  expect(counted(3, "episode")).toBe("3 episodes");
});

test("lines are as long as allowed, and a longer word stands alone", () => {
  expect(wrap("one two three extraordinary four", 9)).toEqual(["one two", "three", "extraordinary", "four"]);
});

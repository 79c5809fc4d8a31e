import { describe, expect, test } from "vitest";
import { bar, duration } from "../src/progress-text.js";
import { terminal } from "../src/terminal.js";

function screen(isTTY: boolean) {
  const clock = { milliseconds: 0 };
  const pieces: string[] = [];
  const output = { isTTY, columns: 120, write: (piece: string) => void pieces.push(piece) };
  return { clock, terminal: terminal(output, () => clock.milliseconds), text: () => pieces.join("") };
}

describe("progress", () => {
  test("shows share, rate since the step it began at, and time left", () => {
    const state = { title: "train", step: 500, total: 1000, seconds: 4, stepsDone: 400, figures: { loss: 0.25 } };
    expect(bar(state, 120)).toBe("train [############------------] 50 % 500/1000, 100/s, 5 s left  loss 0.2500");
    expect(bar(state, 30)).toHaveLength(29);
  });

  test.each([
    [0, "0 s"],
    [59.6, "1 min 0 s"],
    [185, "3 min 5 s"],
    [7500, "2 h 5 min"],
  ])("%d seconds read %s", (seconds, text) => {
    expect(duration(seconds)).toBe(text);
  });

  test("on a terminal redraws one line, and a note goes above it", () => {
    const { clock, terminal: out, text } = screen(true);
    const progress = out.progress("fit", 10);
    clock.milliseconds = 200;
    progress.update(5);
    out.print("a note");
    progress.stop();
    const shown = text().split("\r\x1b[2K");
    expect(shown).toHaveLength(3);
    expect(shown[0]).toMatch(/^fit \[#{12}-{12}\] 50 % 5\/10/);
    expect(shown[1]).toMatch(/^a note\nfit /);
    expect(shown[2]).toMatch(/\n$/);
  });

  test("elsewhere writes a plain line every 30 seconds", () => {
    const { clock, terminal: out, text } = screen(false);
    const progress = out.progress("train", 1000);
    for (let second = 1; second <= 65; second++) {
      clock.milliseconds = second * 1000;
      progress.update(second * 10);
    }
    progress.stop();
    expect(text().trim().split("\n")).toHaveLength(2);
    expect(text()).toMatch(/^train: 30 % 300\/1000/);
    expect(text()).not.toContain("\x1b");
  });
});

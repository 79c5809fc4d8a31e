import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { filmStrip, readRun, writeReport } from "../src/index.js";
import { extremes, temporaryFolder, writeRun } from "./runs.js";
import { BEAMS, plan, ROUNDS, TREE } from "./sections.js";

async function page(...plans: readonly unknown[]) {
  const folder = await temporaryFolder();
  const runs = plans.map(async (each, i) => {
    const text = typeof each === "string" ? each : JSON.stringify(each);
    return readRun(await writeRun(join(folder, `run-${i}`), { seed: i, files: { "plan.json": text } }), `run-${i}`);
  });
  const written = await writeReport(await Promise.all(runs), { output: folder, summariser: extremes });
  return { folder, written, html: await readFile(written.page, "utf8") };
}

const numbersOf = (html: string, title: string): readonly string[] => {
  const from = html.indexOf(`Numbers: ${title}`);
  const table = html.slice(from, html.indexOf("</table>", from));
  return [...table.matchAll(/<td[^>]*>([^<]*)<\/td>/g)].map(([, text]) => text!);
};

describe("the section on planning", () => {
  test("tells expected beside realised returns, what plans promised, and times of decisions", async () => {
    const { html } = await page(plan("mcts", TREE));
    const rewards = numbersOf(html, "Return along an episode");
    expect(rewards.slice(0, 3)).toEqual(expect.arrayContaining(["realised", "1"]));
    expect(rewards.filter((cell) => cell === "0.75" || cell === "4.50" || cell === "4.5")).toHaveLength(2);
    const promises = numbersOf(html, "What plans promised");
    expect(promises).toEqual(expect.arrayContaining(["realised", "1.25", "promised"]));
    // The plan of step 2 was cut by the end of the episode.
    expect(promises.filter((cell) => cell === "promised")).toHaveLength(1);
    expect(numbersOf(html, "Time of a decision")).toEqual(expect.arrayContaining(["30", "12", "11"]));
    expect(html).toMatch(/mcts in dynamics<.*terminated<.*>12<.*>30</s);
  });

  test("leaves out plans whose promise is no number, and says no expected return of such an episode", async () => {
    const whole = plan("mcts", TREE);
    const [episode] = whole.episodes;
    const steps = episode!.steps.map((step, i) => (i === 1 ? { ...step, predicted: null } : step));
    const plans = [{ ...episode!.plans[0]!, predicted: [1.5, null] }];
    const { html } = await page({ ...whole, episodes: [{ ...episode!, steps, plans }] });
    expect(numbersOf(html, "Return along an episode")).not.toContain("expected");
    expect(numbersOf(html, "What plans promised")).not.toContain("promised");
    expect(html).not.toMatch(/NaN/);
  });

  test("tells how many episodes were planned together, and a decision's share of the time", async () => {
    const together = { parallel: 3, decision: { count: 3, median: 12, p95: 30, each: { median: 4, p95: 10 } } };
    const { html } = await page({ ...plan("mcts", TREE), ...together });
    expect(html).toMatch(/planned together<.*mcts in dynamics<.*>12<.*>30<.*>3<.*>4</s);
  });

  test("draws beams, tree or rounds, the chosen ones marked", async () => {
    const { html, written } = await page(plan("beam-search", BEAMS), plan("mcts", TREE), plan("cem", ROUNDS));
    const names = written.charts.filter((path) => path.includes("plan-") && path.endsWith(".svg"));
    expect(names).toHaveLength(6);
    for (const path of names) expect(await readFile(path, "utf8"), path).not.toMatch(/NaN|undefined|Infinity/);
    expect(numbersOf(html, "Beams of one plan")).toEqual([
      ...["2", "5", "1", "1", "yes"],
      ...["2", "4", "3", "1", "no"],
    ]);
    expect(numbersOf(html, "Search tree of one plan").filter((_, i) => i % 5 === 4)).toEqual(["yes", "no", "yes"]);
    expect(numbersOf(html, "Scores of the rounds")).toEqual(expect.arrayContaining(["highest", "4", "lowest", "1"]));
  });

  test("is absent without a plan.json, and a torn one is named", async () => {
    const { html, written } = await page('{"episodes": [');
    expect(html).not.toContain('id="plan"');
    expect(written.notes).toEqual(["run-0: plan.json is torn: it is not whole JSON, and is left out"]);
  });
});

describe("a film strip", () => {
  const bar = (x: number) => ({ from: [x, 0.5], to: [x, 1.5], radius: 0.1 }) as const;
  const frames = [0, 1, 2].map((x) => ({ label: `step ${x}`, bars: [bar(x)] }));

  test("draws each picture, on the ground centred on the body, with ticks that travel", () => {
    const svg = filmStrip([{ name: "", frames }], { title: "A <walk>", subtitle: "to the right", ground: 0 });
    expect(svg).toContain("A &lt;walk&gt;");
    expect(svg.match(/step \d/g)).toEqual(["step 0", "step 1", "step 2"]);
    const bodies = [...svg.matchAll(/<g stroke="[^"]*" stroke-opacity[^>]*><line x1="([\d.]+)"/g)].map(([, x]) =>
      Number(x),
    );
    expect(bodies).toEqual([72, 192, 312]);
    expect(svg).not.toMatch(/NaN|undefined|Infinity|https?:(?!\/\/www\.w3\.org)/);
  });

  test("without ground all pictures show one place; several motions have names", () => {
    const reels = [
      { name: "true", frames },
      { name: "predicted", frames },
    ];
    const svg = filmStrip(reels, { title: "Arm", subtitle: "from the top" });
    const bodies = [...svg.matchAll(/<g stroke="[^"]*" stroke-opacity[^>]*><line x1="([\d.]+)"/g)].map(([, x]) =>
      Number(x),
    );
    expect(bodies[0]).toBeLessThan(72);
    expect(bodies[2]).toBeGreaterThan(312);
    expect(bodies.slice(3)).toEqual(bodies.slice(0, 3));
    expect(svg).toMatch(/>true<.*>predicted</s);
  });
});

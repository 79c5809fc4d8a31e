import { existsSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { type Browser, chromium } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { readRun, writeReport } from "../src/index.js";
import { series } from "../src/render/theme.js";
import { calibration, certificateOf, certificates, extremes, ope, resultOf, writeRun } from "./runs.js";
import { BEAMS, beta, plan, prediction, ROUNDS, TREE, theorem } from "./sections.js";

const candidates = [
  process.env.CHROMIUM_PATH,
  "/usr/bin/chromium",
  "/usr/bin/chromium-browser",
  "/usr/bin/google-chrome",
];
const executablePath = candidates.find((path) => path !== undefined && existsSync(path));
const missing = "no chromium; apt-get install chromium, or set CHROMIUM_PATH";
// A machine that checks everything and could have a browser is not to pass without having looked.
const required = Boolean(process.env.CI) && existsSync("/usr/bin/apt-get");
const skips = executablePath === undefined && !required;

const terms = [0.5, 5].map((value) => [value, -value] as const);
/** Files of a page with every section there is. */
const files = {
  "calibration.json": calibration,
  "certificate.json": certificates(certificateOf()),
  "ope.json": ope(),
  "plan.json": JSON.stringify(plan("beam-search", BEAMS)),
  "prediction.json": JSON.stringify(prediction()),
  "result.json": JSON.stringify({ ...resultOf(0), trained: { ...theorem, ...beta(terms, 5, true) } }),
};
/** Of further runs, so that names of runs stand before titles and rows, and planners of other kinds are drawn. */
const others = [
  { ...files, "plan.json": JSON.stringify(plan("mcts", TREE)) },
  { "certificate.json": certificates(certificateOf()), "plan.json": JSON.stringify(plan("cem", ROUNDS)) },
];
const SECTIONS = [
  ...["results", "returns", "rollouts", "learner", "selection", "beta", "calibration", "along", "ope", "prediction"],
  ...["plan", "certificate", "others", "configuration"],
];

/** Write the runs and their page. */
async function written(folder: string): Promise<string> {
  const first = await readRun(await writeRun(join(folder, "0"), { algorithm: "a-rather-long-name", files }), "a");
  const rest = others.map(async (own, at) => {
    const name = `runs/hopper-medium-replay-combo-100k-seed-${at + 1}`;
    return readRun(await writeRun(join(folder, name), { seed: at + 1, files: own }), name);
  });
  const runs = [first, ...(await Promise.all(rest))];
  return (await writeReport(runs, { output: folder, summariser: extremes })).page;
}

describe.skipIf(skips)(`the page in a browser${skips ? ` (skipped: ${missing})` : ""}`, () => {
  let [folder, path] = ["", ""];
  let browser: Browser;
  beforeAll(async () => {
    if (executablePath === undefined) throw new Error(missing);
    browser = await chromium.launch({ executablePath, args: ["--no-sandbox"] });
    folder = await mkdtemp(join(tmpdir(), "lowerbound-browser-"));
    path = await written(folder);
  }, 120_000);
  afterAll(async () => {
    await browser?.close();
    if (folder !== "") await rm(folder, { recursive: true, force: true });
  });

  async function open(colorScheme: "light" | "dark", width: number) {
    const page = await browser.newPage({ colorScheme, viewport: { width, height: 900 } });
    const [requests, complaints]: [string[], string[]] = [[], []];
    page.on("request", (request) => requests.push(request.url()));
    page.on("console", (message) => complaints.push(message.text()));
    page.on("pageerror", (error) => complaints.push(error.message));
    const url = pathToFileURL(path).href;
    await page.goto(url);
    return { page, url, requests, complaints };
  }

  test.each(["light", "dark"] as const)(
    "charts are drawn in %s colours, without complaint or request",
    async (scheme) => {
      const { page, url, requests, complaints } = await open(scheme, 1280);
      const sections = page.locator("main > section");
      expect(await sections.evaluateAll((all) => all.map(({ id }) => id))).toEqual(SECTIONS);
      const charts = await page.locator("svg.chart").evaluateAll((all) =>
        all.map((each) => {
          const { width, height } = each.getBoundingClientRect();
          return { width, height, paths: each.querySelectorAll("path").length };
        }),
      );
      expect(charts).toHaveLength(33);
      for (const { width, height, paths } of charts) {
        expect(width).toBeGreaterThan(400);
        expect(height).toBeGreaterThan(200);
        expect(paths).toBeGreaterThan(1);
      }
      const selector = `#chart-penalty [stroke="${series[0].light}"]`;
      const colour = await page.evaluate(
        `getComputedStyle(document.querySelector(${JSON.stringify(selector)})).stroke`,
      );
      expect(colour).toBe(rgb(series[0][scheme]));
      expect(complaints).toEqual([]);
      expect(requests).toEqual([url]);
    },
  );

  test("nothing sticks out of a narrow window, and no text of a chart out of its chart", async () => {
    const { page } = await open("light", 420);
    expect(await page.evaluate("document.documentElement.scrollWidth")).toBeLessThanOrEqual(420);
    const outside = await page.locator("svg.chart text").evaluateAll((texts) =>
      texts.flatMap((text) => {
        const [own, all] = [text.getBoundingClientRect(), text.closest("svg")!.getBoundingClientRect()];
        const fits = own.left >= all.left && own.right <= all.right && own.top >= all.top && own.bottom <= all.bottom;
        return fits ? [] : [text.textContent];
      }),
    );
    expect(outside).toEqual([]);
  });

  test("every chart has a name, a description and its numbers as a table", async () => {
    const { page } = await open("light", 1280);
    for (const figure of await page.locator("figure").all()) {
      expect(await figure.locator("svg > title").textContent()).not.toBe("");
      expect(await figure.locator("svg > desc").textContent()).toMatch(/Horizontal: .*vertical: /);
      expect(await figure.locator("tbody tr").count()).toBeGreaterThan(0);
    }
  });
});

function rgb(hex: string): string {
  const [red, green, blue] = [1, 3, 5].map((at) => Number.parseInt(hex.slice(at, at + 2), 16));
  return `rgb(${red}, ${green}, ${blue})`;
}

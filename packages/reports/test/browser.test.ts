import { existsSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { type Browser, chromium } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { readRun, writeReport } from "../src/index.js";
import { series } from "../src/render/theme.js";
import { calibration, certificateOf, certificates, extremes, temporaryFolder, writeRun } from "./runs.js";

const candidates = [
  process.env.CHROMIUM_PATH,
  "/usr/bin/chromium",
  "/usr/bin/chromium-browser",
  "/usr/bin/google-chrome",
];
const executablePath = candidates.find((path) => path !== undefined && existsSync(path));
const reason =
  executablePath === undefined ? " (skipped: no chromium; apt-get install chromium, or set CHROMIUM_PATH)" : "";

describe.skipIf(executablePath === undefined)(`the page in a browser${reason}`, () => {
  let browser: Browser;
  beforeAll(async () => {
    browser = await chromium.launch({ executablePath: executablePath!, args: ["--no-sandbox"] });
  });
  afterAll(() => browser?.close());

  async function open(colorScheme: "light" | "dark", width: number) {
    const folder = await temporaryFolder();
    const run = {
      algorithm: "a-rather-long-name",
      files: { "calibration.json": calibration, "certificate.json": certificates(certificateOf()) },
    };
    const first = await readRun(await writeRun(join(folder, "a"), run), "a");
    const again = { seed: 1, files: { "certificate.json": certificates(certificateOf()) } };
    const second = await readRun(
      await writeRun(join(folder, "b"), again),
      "runs/hopper-medium-replay-combo-100k-seed-1",
    );
    const { page: path } = await writeReport([first, second], { output: folder, summariser: extremes });
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
      const charts = await page.locator("svg.chart").all();
      expect(charts).toHaveLength(17);
      for (const chart of charts) {
        const { width, height } = (await chart.boundingBox())!;
        expect(width).toBeGreaterThan(400);
        expect(height).toBeGreaterThan(200);
        expect(await chart.locator("path").count()).toBeGreaterThan(1);
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

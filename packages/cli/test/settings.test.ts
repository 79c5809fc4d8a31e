import { ConfigError } from "@lowerbound/core";
import { certifyOptions, offPolicyOptions } from "@lowerbound/evaluation";
import { describe, expect, test } from "vitest";
import { z } from "zod";
import { optionsFrom } from "../src/options/options-from.js";
import { settingOf, settingsOf } from "../src/options/settings.js";

const set = (...texts: string[]) => settingsOf(texts, "fqe.critics=2");

describe("options from settings", () => {
  test("are read as the schema wants them, defaults where nothing is said, the last of one option winning", () => {
    const settings = [...settingOf("--updates", "fqe.updates", "30"), ...settingOf("--horizon", "horizon", undefined)];
    const given = set("fqe.hiddenSizes=8,16", "fqe.firstCopy=immediately", "deterministic=false", "fqe.updates=40");
    expect(optionsFrom(offPolicyOptions, [...settings, ...given])).toEqual(
      offPolicyOptions.parse({
        deterministic: false,
        fqe: { hiddenSizes: [8, 16], firstCopy: "immediately", updates: 40 },
      }),
    );
    expect(optionsFrom(certifyOptions, [])).toEqual(certifyOptions.parse({}));
  });

  test("may hold an equals sign or nothing", () => {
    const schema = z.object({ title: z.string() });
    expect(optionsFrom(schema, set("title=a = b"))).toEqual({ title: "a = b" });
    expect(optionsFrom(schema, set("title="))).toEqual({ title: "" });
  });

  test.each([
    [["horizon"], /^--set: "horizon" sets nothing\n {2}expected: OPTION=VALUE, such as fqe\.critics=2/],
    [["=3"], /^--set: "=3" sets nothing/],
    [["fqe.critic=2"], /^--set fqe\.critic: no option is called "fqe\.critic"[\s\S]*did you mean "fqe\.critics"\?/],
    [["horizn=2"], /^--set horizn: no option is called "horizn"\n {2}expected: one of discount, horizon, /],
    [["horizon=2.5"], /^--set horizon: .*\n {2}expected: integer > 0: steps after which/],
    [["horizon="], /^--set horizon: /],
    [["fqe.hiddenSizes=8,no"], /^--set fqe\.hiddenSizes\.1: .*\n {2}expected: list of integers > 0: units of each/],
    [["fqe=3"], /^--set fqe: .*\n {2}expected: .*fitted Q evaluation/],
    [["fqe.updates.deep=3"], /^--set fqe\.updates: /],
  ])("%j is refused with its name and what was expected", (texts, message) => {
    expect(() => optionsFrom(offPolicyOptions, set(...texts))).toThrow(ConfigError);
    expect(() => optionsFrom(offPolicyOptions, set(...texts))).toThrow(message);
  });

  test("name the flag that stood for an option", () => {
    const settings = settingOf("--discount", "discount", "1");
    expect(() => optionsFrom(offPolicyOptions, settings)).toThrow(
      /^--discount: .*\n {2}expected: number >= 0 and < 1: discount of the estimated return$/,
    );
  });
});

import { readFileSync } from "node:fs";
import { relative } from "node:path";
import { standardComponents } from "@lowerbound/standard";
import { describe, expect, it } from "vitest";
import { root } from "../workspace/packages.js";
import { filledReadmes, undocumented } from "./readmes.js";
import { fillTables } from "./tables.js";

describe("option tables", () => {
  const readmes = filledReadmes(standardComponents);

  it.each(readmes)("of $file are those of the schemas", ({ file, before, after }) => {
    expect(
      before,
      `run: node --conditions=@lowerbound/source --import tsx tools/docs/main.ts (${relative(root, file)})`,
    ).toBe(after);
  });

  it("show every component", () => {
    expect(undocumented(standardComponents, readmes)).toEqual([]);
  });

  it("are written between their markers, again and again with the same result", () => {
    const text = "a\n<!-- options:start logger/csv -->\nold\n<!-- options:end -->\nb\n";
    const { text: once, shown } = fillTables(text, standardComponents, "x");
    expect(once).toMatch(
      /^a\n<!-- options:start logger\/csv -->\n\n\*\*`logger: csv`\*\*: .*\n\nNo options\.\n\n<!-- options:end -->\nb\n$/,
    );
    expect(shown).toEqual(["logger/csv"]);
    expect(fillTables(once, standardComponents, "x").text).toBe(once);
    expect(() => fillTables(text.replace("csv", "xml"), standardComponents, "x")).toThrow(
      /nothing registered is called logger\/xml/,
    );
  });

  it("are wanted in the READMEs that exist", () => {
    expect(readFileSync(readmes.find(({ file }) => file.includes("runs"))?.file ?? "", "utf8")).toContain(
      "options:start",
    );
  });
});

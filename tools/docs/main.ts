// Writes the option tables of the packages' READMEs from the components' schemas; --check only compares.
import { writeFileSync } from "node:fs";
import { relative } from "node:path";
import { standardComponents } from "@lowerbound/standard";
import { root } from "../workspace/packages.js";
import { filledReadmes, undocumented } from "./readmes.js";

const check = process.argv.includes("--check");
const readmes = filledReadmes(standardComponents);
for (const { file, after } of readmes.filter((each) => each.before !== each.after)) {
  console.log(`${relative(root, file)} ${check ? "is out of date: run tools/docs/main.ts" : "written"}`);
  if (check) process.exitCode = 1;
  else writeFileSync(file, after);
}
for (const name of undocumented(standardComponents, readmes)) {
  console.log(`${name} is in no README: add <!-- options:start ${name} --> and <!-- options:end --> to its package's`);
  process.exitCode = 1;
}

// Packs every built package into argv[2], dependencies before their users, and prints the list as JSON.
import { closure, readPackages } from "../workspace/packages.js";
import { packAll } from "./stage.js";

const [, , output] = process.argv;
if (output === undefined) throw new Error("usage: pack.ts OUTPUT");

const packages = readPackages();
const needs = new Map(packages.map((each) => [each, closure(each, packages).length]));
const ordered = packages.toSorted((a, b) => (needs.get(a) ?? 0) - (needs.get(b) ?? 0));
const tarballs = await packAll(ordered, output);
const list = tarballs.map(({ package: { manifest }, bytes, path }) => ({
  name: manifest.name,
  version: manifest.version,
  bytes,
  path,
}));
console.log(JSON.stringify(list));

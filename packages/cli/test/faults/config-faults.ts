import { join } from "node:path";
import { tinyPlugin, tinyRun } from "../helpers.js";
import { textFile } from "./bad-files.js";
import type { Fault } from "./fault.js";

const flag = (name: string, flags: readonly string[], where: RegExp, what: RegExp): Fault => ({
  name,
  prepare: async (root) => [...tinyRun(join(root, "run")), ...flags],
  where,
  what,
});

/** A configuration file, and flags that would be a whole run. */
const file = (name: string, fileName: string, lines: readonly string[], where: RegExp, what: RegExp): Fault => ({
  name,
  prepare: async (root) => [...tinyRun(join(root, "run")), "--config", await textFile(root, fileName, ...lines)],
  where,
  what,
});

export const configFaults: readonly Fault[] = [
  flag("a misspelt flag", ["--sede=1"], /--sede/, /did you mean --seed/),
  flag("a misspelt option", ["--algorithm.udpates=3"], /algorithm\.udpates/, /did you mean "updates"/),
  flag("a misspelt type", ["--logger=standrad"], /logger\.type/, /did you mean "standard"/),
  flag("a nested misspelt type", ["--logger=combined", "--logger.loggers.0=jsno"], /logger\.loggers\.0/, /jsno/),
  flag("text for a number", ["--algorithm.updates=many"], /algorithm\.updates/, /expected number/),
  flag("a fraction for an integer", ["--algorithm.updates=1.5"], /algorithm\.updates/, /expected int/),
  flag("a number out of range", ["--algorithm.updates=0"], /algorithm\.updates/, /expected number to be >0/),
  flag("a word that is no choice", ["--algorithm.fails=maybe"], /algorithm\.fails/, /"no"\|"bug"/),
  flag("a list that is empty", ["--logger=combined", "--logger.loggers=[]"], /logger\.loggers/, />=1/),
  flag("a seed below zero", ["--seed=-1"], /seed/, /non-negative integer/),
  flag("a value without a flag", ["stray"], /"stray"/, /neither a flag nor the value of one/),
  flag("two directories", ["--resume=elsewhere"], /--resume|elsewhere/, /not both|no run lies there/),
  flag("a plug-in that is not there", ["--plugin=./absent.ts"], /absent\.ts/, /no such plug-in/),
  flag(
    "an environment that is not there",
    ["--evaluation=simulator", "--evaluation.environment=hoper"],
    /evaluation\.environment/,
    /did you mean "hopper"/,
  ),
  flag(
    "data of other sizes than the environment's",
    ["--evaluation=simulator", "--evaluation.environment=pendulum"],
    /Pendulum-v1/,
    /the data have 1 observation and 1 action entries/,
  ),
  flag(
    "an execution provider that is not there",
    ["--engine=onnx", "--engine.provider=tpu"],
    /engine\.provider/,
    /"cpu"\|"cuda"/,
  ),
  file("a kind that is not there", "c.yaml", ["penalti: { type: a }"], /penalti/, /no option is called/),
  file("YAML that is broken", "c.yaml", ["a: [1"], /c\.yaml/, /not YAML/),
  file("JSON that is broken", "c.json", ['{"a": }'], /c\.json/, /not JSON/),
  file("a configuration that is a list", "c.json", ["[1]"], /c\.json/, /not an object/),
  file("a configuration of another format", "c.toml", ["a = 1"], /c\.toml/, /\.json, \.yaml or \.yml/),
  file("a component that is a number", "c.yaml", ["logger: 3"], /logger/, /not a logger/),
  {
    name: "a configuration that is not there",
    prepare: async (root) => [...tinyRun(join(root, "run")), "--config", join(root, "absent.yaml")],
    where: /absent\.yaml/,
    what: /no such file/,
  },
  {
    name: "no directory",
    prepare: async () => tinyRun("x").filter((token) => !token.startsWith("--directory")),
    where: /--directory/,
    what: /no directory/,
  },
  {
    name: "no algorithm",
    prepare: async (root) => tinyRun(join(root, "run")).filter((token) => !token.startsWith("--algorithm")),
    where: /pipeline/,
    what: /no algorithm is configured/,
  },
  {
    name: "no dataset",
    prepare: async (root) => tinyRun(join(root, "run")).filter((token) => !token.startsWith("--dataset")),
    where: /pipeline/,
    what: /no dataset is configured/,
  },
  {
    name: "a plug-in that takes a name twice",
    prepare: async (root) => [...tinyRun(join(root, "run")), `--plugin=${join(tinyPlugin, "..", "again.ts")}`],
    where: /algorithm "tiny"/,
    what: /registered twice/,
  },
  {
    name: "a kind that no list has",
    prepare: async () => ["components", "penaltie"],
    where: /"penaltie"/,
    what: /no kind is called/,
  },
];

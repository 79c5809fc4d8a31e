// `npm run parity -- DIR`: compare the code with golden files laid out as DIR/SUBJECT/NAME.json.
import { createAutoEngine } from "@lowerbound/runtime";
import { runParity } from "./run-parity.js";
import { statusOf } from "./status.js";

const directory = process.argv[2];
if (directory === undefined) {
  console.error("usage: npm run parity -- DIR\n  DIR: a folder of golden files, one folder a subject");
  process.exit(2);
}
const engine = createAutoEngine({ threads: 0, provider: "cpu" });
const count = await runParity(directory, engine, console.log);
await engine.dispose();
process.exitCode = statusOf(count);
if (process.exitCode === 2) console.error(`${directory}: no golden file lies there as SUBJECT/NAME.json`);

import { createAutoEngine } from "@lowerbound/runtime";
import { afterAll, it } from "vitest";
import { expectParity } from "../../../tools/parity/expect-parity.js";

const engine = createAutoEngine({ threads: 1, provider: "cpu" });
afterAll(() => engine.dispose());

it("cuts paths as the golden file has it", () => expectParity(new URL("fixtures/morel.json", import.meta.url), engine));

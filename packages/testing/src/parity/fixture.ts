import { readFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { z } from "zod";
import { excessOf } from "../excess.js";
import { readSafetensors, type StoredTensor } from "../safetensors.js";

export interface Tolerance {
  readonly absolute: number;
  readonly relative: number;
}

/** A golden file: the numbers that public code computed, and what decided them. */
export interface Fixture {
  /** Folder and name, as in `penalties/ensemble-a`. */
  readonly path: string;
  readonly subject: string;
  readonly name: string;
  /** As in the manifest; a subject parses them with a schema of its own. */
  readonly hyperparameters: Readonly<Record<string, unknown>>;
  /** The whole manifest, for what only some subjects have. */
  readonly manifest: Readonly<Record<string, unknown>>;
  readonly tensors: ReadonlyMap<string, StoredTensor>;
  /** The tensor of that name. @throws Error if there is none. */
  tensor(name: string): StoredTensor;
  /** Names that begin with a prefix, in the file's order. */
  names(prefix: string): readonly string[];
  /**
   * The entry with the longest matching name counts; `*` stands for any ending. Where a manifest states how far a
   * float32 computation of its float64 values may lie, `float32` asks for that.
   */
  tolerance(name: string, computedIn?: "float32"): Tolerance;
}

export interface FixtureCheck {
  readonly name: string;
  readonly passed: boolean;
  /** Largest of |got - want| / (absolute + relative |want|); above 1 fails. */
  readonly worst: number;
  readonly detail: string;
}

/** Runs the real code on a golden file's inputs. */
export type ParitySubject = (fixture: Fixture) => Promise<readonly FixtureCheck[]>;

const manifestSchema = z.looseObject({
  subject: z.string(),
  name: z.string(),
  file: z.string(),
  hyperparameters: z.record(z.string(), z.unknown()).default({}),
  tolerances: z
    .record(
      z.string(),
      z.looseObject({ absolute: z.number(), relative: z.number().default(0), float32: z.string().optional() }),
    )
    .default({}),
});

/** Read a manifest and the tensors beside it. */
export async function loadFixture(jsonPath: string): Promise<Fixture> {
  const manifest = manifestSchema.parse(JSON.parse(await readFile(jsonPath, "utf8")));
  const { subject, name, hyperparameters } = manifest;
  const file = join(dirname(jsonPath), manifest.file);
  const tensors = readSafetensors(await readFile(file), file);
  return {
    path: `${subject}/${name}`,
    subject,
    name,
    hyperparameters,
    manifest,
    tensors,
    tensor: (wanted) => {
      const found = tensors.get(wanted);
      if (found === undefined) throw new Error(`${jsonPath}: no tensor "${wanted}"`);
      return found;
    },
    names: (prefix) => [...tensors.keys()].filter((each) => each.startsWith(prefix)),
    tolerance: (wanted, computedIn) => toleranceOf(manifest.tolerances, wanted, computedIn),
  };
}

type Entries = z.output<typeof manifestSchema>["tolerances"];

/** As in "when computed in float32 expect 1e-4 relative", or "about 1e-5 relative". */
const FLOAT32_NOTE = /(?:expect|about) (\S+) relative/;

function toleranceOf(entries: Entries, name: string, computedIn?: "float32"): Tolerance {
  const matches = Object.keys(entries).filter((pattern) =>
    pattern.endsWith("*") ? name.startsWith(pattern.slice(0, -1)) : name === pattern,
  );
  const longest = matches.sort((a, b) => b.length - a.length)[0];
  const { absolute, relative, float32 } = (longest === undefined ? undefined : entries[longest]) ?? NOTHING;
  const stated = computedIn === "float32" ? FLOAT32_NOTE.exec(float32 ?? "")?.[1] : undefined;
  return { absolute, relative: stated === undefined ? relative : Math.max(relative, Number(stated)) };
}

const NOTHING = { absolute: 0, relative: 0, float32: undefined };

/** Compare one result with the golden tensor of that name: int32 exactly, all else within the manifest's tolerance. */
export function check(fixture: Fixture, name: string, got: ArrayLike<number>): FixtureCheck {
  const { data, dtype } = fixture.tensor(name);
  if (got.length !== data.length) {
    return { name, passed: false, worst: Infinity, detail: `${got.length} values, expected ${data.length}` };
  }
  const computedIn = got instanceof Float32Array ? "float32" : undefined;
  const { absolute, relative } = dtype === "int32" ? { absolute: 0, relative: 0 } : fixture.tolerance(name, computedIn);
  let worst = 0;
  let at = 0;
  for (let i = 0; i < data.length; i++) {
    const want = data[i]!;
    const excess = excessOf(got[i]!, want, absolute + relative * Math.abs(want));
    if (excess > worst) [worst, at] = [excess, i];
  }
  const detail = data.length === 0 ? "empty" : `[${at}] got ${got[at]}, want ${data[at]}`;
  return { name, passed: worst <= 1, worst, detail };
}

/** Compare several results at once. */
export function checkAll(
  fixture: Fixture,
  results: Readonly<Record<string, ArrayLike<number>>>,
): readonly FixtureCheck[] {
  return Object.entries(results).map(([name, got]) => check(fixture, name, got));
}

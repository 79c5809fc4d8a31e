import { createHash } from "node:crypto";
import { basename, dirname, join } from "node:path";
import type { Checkpoint, Json } from "@lowerbound/core";
import { z } from "zod";
import { readIfThere, writeAtomically } from "./files.js";
import { assertJson } from "./json.js";
import { decodeSafetensors, encodeSafetensors } from "./safetensors.js";

const FORMAT = "lowerbound-checkpoint/1";
const Sha256 = z.string().regex(/^[0-9a-f]{64}$/);
const Manifest = z.strictObject({
  format: z.literal(FORMAT),
  step: z.int().nonnegative(),
  data: z.record(z.string(), z.custom<Json>()),
  tensors: z.strictObject({
    // Names may hold numbers, as "lambda-0.5" does, and lead to no other folder.
    file: z.string().regex(/^\w[\w.-]*\.safetensors$/),
    bytes: z.int().nonnegative(),
    sha256: Sha256,
  }),
});
const Sealed = z.strictObject({ manifest: Manifest, sha256: Sha256 });
type Manifest = z.infer<typeof Manifest>;

/** What a manifest leads to: a checkpoint, nothing at all, or files that cannot be trusted. */
export type Unsealed =
  | { readonly state: "intact"; readonly checkpoint: Checkpoint; readonly tensorsFile: string }
  | { readonly state: "absent" }
  | { readonly state: "refused"; readonly reason: string };

export const sha256 = (content: Uint8Array | string): string => createHash("sha256").update(content).digest("hex");

/**
 * Write tensors, then the manifest (JSON) that vouches for them and for itself; renaming the manifest is the commit.
 *
 * `tensorsName` gives the tensors' file name from their checksum. Nothing in either file depends on the time or the
 * machine. The arrays are copied before the first wait, which is for `before`.
 * @returns the name of the tensors' file.
 * @throws FileError; ConfigError for `data` that JSON cannot hold.
 */
export async function seal(
  manifestPath: string,
  { step, tensors, data }: Checkpoint,
  tensorsName: (sha256: string) => string,
  before?: () => Promise<void>,
): Promise<string> {
  assertJson(data, "data");
  const bytes = encodeSafetensors(tensors);
  const sum = sha256(bytes);
  const file = tensorsName(sum);
  const manifest = { format: FORMAT, step, data, tensors: { file, bytes: bytes.length, sha256: sum } } as const;
  const text = render(manifest);
  await before?.();
  await writeAtomically(join(dirname(manifestPath), file), bytes);
  await writeAtomically(manifestPath, text);
  return file;
}

/** Read back what {@link seal} wrote; a byte altered or missing anywhere is refused. @throws FileError */
export async function unseal(manifestPath: string): Promise<Unsealed> {
  const text = await readIfThere(manifestPath);
  if (text === undefined) return { state: "absent" };
  const manifest = parseManifest(text.toString("utf8"));
  if (manifest === undefined) return refused(`${basename(manifestPath)} is torn or altered`);
  const { file, sha256: sum } = manifest.tensors;
  const bytes = await readIfThere(join(dirname(manifestPath), file));
  if (bytes === undefined) return refused(`${file} is missing`);
  if (sha256(bytes) !== sum) return refused(`${file} is torn or altered (its checksum does not match)`);
  const { tensors } = decodeSafetensors(bytes, file);
  return { state: "intact", checkpoint: { step: manifest.step, tensors, data: manifest.data }, tensorsFile: file };
}

const refused = (reason: string): Unsealed => ({ state: "refused", reason });

function render(manifest: Manifest): string {
  const body = JSON.stringify(manifest, null, 2);
  return `${JSON.stringify({ manifest, sha256: sha256(body) }, null, 2)}\n`;
}

/** The manifest, only if the very same text comes out when it is written again. */
function parseManifest(text: string): Manifest | undefined {
  try {
    const raw: unknown = JSON.parse(text);
    const parsed = Sealed.safeParse(raw);
    return parsed.success && render((raw as z.infer<typeof Sealed>).manifest) === text
      ? parsed.data.manifest
      : undefined;
  } catch {
    return undefined;
  }
}

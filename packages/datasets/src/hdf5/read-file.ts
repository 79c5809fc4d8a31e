import { DataError, FileError, LowerboundError } from "@lowerbound/core";
import type { Dataset, Entity, File } from "h5wasm/node";
import { type Hdf5Library, hdf5Library, retire } from "./library.js";
import { checkSuperblock } from "./superblock.js";

/** A numeric array in a file: rows [shape[0]] of `width` numbers each. */
export interface Hdf5Array {
  readonly key: string;
  readonly shape: readonly number[];
  readonly rows: number;
  readonly width: number;
  /** Rows `from` to `to` (not included), row-major. @throws FileError where the file is damaged. */
  read(from: number, to: number): ArrayLike<number>;
}

/** An HDF5 file open for reading; only what is asked for is read. */
export interface Hdf5File {
  readonly path: string;
  /** Names in a group; undefined if there is no such group. */
  names(group: string): readonly string[] | undefined;
  /** @throws DataError if the key holds something other than numbers. */
  array(key: string): Hdf5Array | undefined;
  text(key: string): string | undefined;
  attribute(key: string, name: string): unknown;
  close(): Promise<void>;
}

interface Session {
  readonly path: string;
  readonly library: Hdf5Library;
  readonly file: File;
  failed: boolean;
}

/** Open an HDF5 file. @throws FileError if it is missing, a folder, another format, cut short or damaged. */
export async function openHdf5(path: string): Promise<Hdf5File> {
  await checkSuperblock(path);
  const library = await hdf5Library();
  const session: Session = { path, library, file: await openFile(library, path), failed: false };
  return {
    path,
    names: (group) => guard(session, group, () => names(session, group)),
    array: (key) => guard(session, key, () => array(session, key)),
    text: (key) => guard(session, key, () => text(session, key)),
    attribute: (key, name) => guard(session, key, () => attribute(session, key, name)),
    close: () => close(session),
  };
}

async function openFile(library: Hdf5Library, path: string): Promise<File> {
  try {
    return new library.File(path, "r");
  } catch (error) {
    await retire(library);
    closeStreams(library, path);
    throw damaged(path, "/", error);
  }
}

// The library throws errors of many kinds, a WebAssembly trap among them, when it meets a damaged file.
function guard<T>(session: Session, key: string, use: () => T): T {
  try {
    return use();
  } catch (error) {
    if (error instanceof LowerboundError) throw error;
    session.failed = true;
    throw damaged(session.path, key, error);
  }
}

async function close(session: Session): Promise<void> {
  try {
    session.file.close();
  } catch {
    session.failed = true;
  }
  if (!session.failed) return;
  await retire(session.library);
  closeStreams(session.library, session.path);
}

function closeStreams({ FS }: Hdf5Library, path: string): void {
  const streams: unknown = FS === null ? [] : Reflect.get(FS, "streams");
  if (!Array.isArray(streams)) return;
  for (const stream of streams) if (stream?.path === path) attempt(() => FS?.close(stream));
}

function attempt(action: () => void): void {
  try {
    action();
  } catch {
    // Nothing more can be done for a handle of a library that already failed.
  }
}

const damaged = (path: string, key: string, cause: unknown) =>
  new FileError("the file is damaged: HDF5 cannot read it", {
    where: `${path} ${key}`,
    expected: "an intact HDF5 file",
    remedy: "copy or download it again",
    cause,
  });

const find = ({ file }: Session, key: string): Entity | null => file.get(key);

function names(session: Session, group: string): readonly string[] | undefined {
  const found = group === "/" ? session.file : find(session, group);
  return found instanceof session.library.Group ? found.keys() : undefined;
}

function array(session: Session, key: string): Hdf5Array | undefined {
  const found = find(session, key);
  if (found === null) return undefined;
  if (!(found instanceof session.library.Dataset)) throw notNumbers(session.path, key, "a group or link");
  checkFilters(session, key, found);
  const { metadata } = found;
  const shape = metadata.shape ?? [];
  checkType(session, key, metadata);
  const width = shape.slice(1).reduce((product, size) => product * size, 1);
  const read = (from: number, to: number) => guard(session, key, () => readRows(found, shape, from, to));
  return { key, shape, rows: shape[0] ?? 1, width, read };
}

/** Filters that the HDF5 library itself does not have, such as h5py's LZF. */
function checkFilters({ path, library }: Session, key: string, { filters }: Dataset): void {
  const foreign = filters.find(({ id }) => id >= library.Module.H5Z_FILTER_RESERVED);
  if (foreign === undefined) return;
  throw new DataError(`this key is compressed with ${foreign.name || `filter ${foreign.id}`}`, {
    where: `${path} ${key}`,
    expected: "gzip, or no compression",
    remedy: 'write the file again; with h5py: compression="gzip"',
  });
}

function checkType(session: Session, key: string, { type, littleEndian, size }: Dataset["metadata"]): void {
  const { H5T_INTEGER, H5T_FLOAT, H5T_ENUM } = session.library.Module.H5T_class_t;
  const numeric = type === H5T_INTEGER.value || type === H5T_FLOAT.value || type === H5T_ENUM.value;
  if (!numeric) throw notNumbers(session.path, key, "text or a compound type");
  if (!littleEndian && size > 1) throw notNumbers(session.path, key, "big-endian numbers");
  if (type === H5T_FLOAT.value && size !== 4 && size !== 8) {
    throw notNumbers(session.path, key, `${8 * size}-bit floating-point numbers`);
  }
}

function readRows(dataset: Dataset, shape: readonly number[], from: number, to: number): ArrayLike<number> {
  const rest = shape.slice(1).map((): [] => []);
  const values = dataset.slice([[from, to], ...rest]);
  if (values instanceof BigInt64Array || values instanceof BigUint64Array) return Float64Array.from(values, Number);
  if (values instanceof Float32Array || values instanceof Float64Array) return values;
  if (ArrayBuffer.isView(values) && "length" in values) return Float64Array.from(values);
  throw new TypeError("the library returned no numbers");
}

function text(session: Session, key: string): string | undefined {
  const found = find(session, key);
  const value = found instanceof session.library.Dataset ? found.value : undefined;
  return typeof value === "string" ? value : Array.isArray(value) ? String(value[0]) : undefined;
}

function attribute(session: Session, key: string, name: string): unknown {
  const owner = key === "/" ? session.file : find(session, key);
  if (!(owner instanceof session.library.Group || owner instanceof session.library.Dataset)) return undefined;
  const value: unknown = owner.attrs[name]?.value;
  return typeof value === "bigint" ? Number(value) : value;
}

const notNumbers = (path: string, key: string, found: string) =>
  new DataError(`this key holds ${found}`, {
    where: `${path} ${key}`,
    expected: "an array of little-endian integers, booleans or 32- or 64-bit floating-point numbers",
    remedy: "write the key again with such a type",
  });

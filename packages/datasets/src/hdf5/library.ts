export type Hdf5Library = typeof import("h5wasm/node");

let current: Promise<Hdf5Library> | undefined;
let instances = 0;

/**
 * The HDF5 library, an instance of our own.
 *
 * HDF5's errors are thrown, never printed; a thrown error can leave handles open inside the library, so the caller
 * hands the instance to `retire` and the next file gets a fresh one.
 */
export function hdf5Library(): Promise<Hdf5Library> {
  current ??= load();
  return current;
}

export async function retire(used: Hdf5Library): Promise<void> {
  if ((await current) === used) current = undefined;
}

// The query makes Node evaluate the module anew: the package exports one ready-made instance only.
async function load(): Promise<Hdf5Library> {
  const url = `${import.meta.resolve("h5wasm/node")}?lowerbound=${instances++}`;
  const library: Hdf5Library = await import(/* @vite-ignore */ url);
  const module = await library.ready;
  module.activate_throwing_error_handler();
  return library;
}

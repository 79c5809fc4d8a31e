/** Runs tasks one after another. */
export type Serial = <T>(task: () => Promise<T>) => Promise<T>;

/** A decoder's programs and scratch memory must not be used twice at once. */
export function createSerial(): Serial {
  let last: Promise<unknown> = Promise.resolve();
  return (task) => {
    const next = last.then(task, task);
    last = next.catch(() => {});
    return next;
  };
}

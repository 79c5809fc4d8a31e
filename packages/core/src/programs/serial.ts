/** Runs tasks one after another. */
export type Serial = <T>(task: () => Promise<T>) => Promise<T>;

/** For what must not run twice at once: compiled programs, and scratch memory beside them. */
export function createSerial(): Serial {
  let last: Promise<unknown> = Promise.resolve();
  return (task) => {
    const next = last.then(task, task);
    last = next.catch(() => {});
    return next;
  };
}

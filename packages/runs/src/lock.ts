import { randomUUID } from "node:crypto";
import { readFileSync } from "node:fs";
import { link, readFile, rm, writeFile } from "node:fs/promises";
import { hostname } from "node:os";
import { dirname } from "node:path";
import { z } from "zod";
import { errorCode, fileError } from "./file-errors.js";
import { makeFolder } from "./files.js";

const Owner = z.object({ host: z.string(), pid: z.int(), started: z.string(), id: z.string() });
/** The process that holds a lock. */
export type LockOwner = z.infer<typeof Owner>;

export interface Lock {
  release(): Promise<void>;
}

const held = new Set<string>();

/**
 * Take a lock file, or tell who holds it; one left by a killed process is taken over.
 *
 * A holder is alive when a process with its id and its start time runs on this host; what runs on another host cannot
 * be checked and counts as alive.
 * @throws FileError
 */
export async function takeLock(path: string): Promise<Lock | LockOwner> {
  await makeFolder(dirname(path));
  try {
    return await attempt(path);
  } catch (error) {
    throw fileError(error, path, "write");
  }
}

export const isLock = (result: Lock | LockOwner): result is Lock => "release" in result;

async function attempt(path: string): Promise<Lock | LockOwner> {
  const owner: LockOwner = { host: hostname(), pid: process.pid, started: startOf(process.pid), id: randomUUID() };
  for (;;) {
    if (await create(path, owner)) {
      held.add(owner.id);
      return { release: () => release(path, owner.id) };
    }
    const text = await textOf(path);
    if (text === undefined) continue;
    const holder = parseOwner(text);
    if (holder !== undefined && isAlive(holder)) return holder;
    const other = await takeAway(path, text);
    if (other !== undefined) return other;
  }
}

/** Make the lock with its content in one step: a half-written lock would look stale. */
async function create(path: string, owner: LockOwner): Promise<boolean> {
  const temporary = `${path}.${owner.id}.tmp`;
  try {
    await writeFile(temporary, JSON.stringify(owner));
    await link(temporary, path);
    return true;
  } catch (error) {
    const code = errorCode(error);
    if (code === "EEXIST" || code === "ENOENT") return false;
    // File systems without hard links: next best is a file that only one process can create.
    if (code === "EPERM" || code === "ENOTSUP" || code === "ENOSYS") return createExclusively(path, owner);
    throw error;
  } finally {
    await rm(temporary, { force: true }).catch(() => {});
  }
}

async function createExclusively(path: string, owner: LockOwner): Promise<boolean> {
  try {
    await writeFile(path, JSON.stringify(owner), { flag: "wx" });
    return true;
  } catch (error) {
    if (errorCode(error) === "EEXIST") return false;
    throw error;
  }
}

/**
 * Remove a stale lock, or tell which process is at it.
 *
 * Who removes one holds a lock for that: between the look that finds it stale and its end no other process can have put
 * a fresh one in its place, which would be removed instead.
 */
async function takeAway(path: string, stale: string): Promise<LockOwner | undefined> {
  const turn = await attempt(`${path}.stale.tmp`);
  if (!isLock(turn)) return turn;
  try {
    if ((await textOf(path)) === stale) await rm(path, { force: true });
    return undefined;
  } finally {
    await turn.release();
  }
}

async function release(path: string, id: string): Promise<void> {
  held.delete(id);
  const text = await textOf(path);
  if (text !== undefined && parseOwner(text)?.id === id) await rm(path, { force: true });
}

async function textOf(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, "utf8");
  } catch (error) {
    if (errorCode(error) === "ENOENT") return undefined;
    throw error;
  }
}

function parseOwner(text: string): LockOwner | undefined {
  try {
    return Owner.safeParse(JSON.parse(text)).data;
  } catch {
    return undefined;
  }
}

function isAlive({ host, pid, started, id }: LockOwner): boolean {
  if (host !== hostname()) return true;
  if (pid === process.pid) return held.has(id);
  try {
    process.kill(pid, 0);
  } catch (error) {
    return errorCode(error) === "EPERM";
  }
  const now = startOf(pid);
  return started === "" || now === "" || started === now;
}

/** When a process started, in a form that no later process with the same id shares; empty where unknown. */
function startOf(pid: number): string {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
    const boot = readFileSync("/proc/sys/kernel/random/boot_id", "utf8").trim();
    // Field 22, counted after the process name, which may hold spaces and brackets.
    return `${boot} ${stat.slice(stat.lastIndexOf(")") + 2).split(" ")[19] ?? ""}`;
  } catch {
    return "";
  }
}

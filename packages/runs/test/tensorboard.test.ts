import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { PbfReader } from "pbf";
import { describe, expect, test } from "vitest";
import { openTensorboard } from "../src/loggers/tensorboard.js";
import { crc32c, maskedCrc32c } from "../src/tensorboard/crc32c.js";
import { row, temporaryFolder } from "./helpers.js";

interface Event {
  step: number;
  version?: string;
  start?: boolean;
  scalars: Record<string, number>;
}

/** Events of a file, written from the format's description and not with the writer's code. */
function readEvents(bytes: Buffer): Event[] {
  const events: Event[] = [];
  for (let at = 0; at < bytes.length; ) {
    const length = Number(bytes.readBigUInt64LE(at));
    expect(bytes.readUInt32LE(at + 8)).toBe(maskedCrc32c(bytes.subarray(at, at + 8)));
    const data = bytes.subarray(at + 12, at + 12 + length);
    expect(bytes.readUInt32LE(at + 12 + length)).toBe(maskedCrc32c(data));
    events.push(new PbfReader(data).readFields(readEvent, { step: 0, scalars: {} }));
    at += 16 + length;
  }
  return events;
}

function readEvent(tag: number, event: Event, pbf: PbfReader): void {
  if (tag === 2) event.step = pbf.readVarint(true);
  if (tag === 3) event.version = pbf.readString();
  if (tag === 5) pbf.readMessage((field) => field === 1 && pbf.readMessage(readValue, event), undefined);
  if (tag === 7) pbf.readMessage(readSession, event);
}

function readSession(tag: number, event: Event, pbf: PbfReader): void {
  if (tag === 1) event.start = pbf.readVarint() === 1;
}

const names = new WeakMap<Event, string>();
function readValue(tag: number, event: Event, pbf: PbfReader): void {
  if (tag === 1) names.set(event, pbf.readString());
  if (tag === 2) event.scalars[names.get(event)!] = pbf.readFloat();
}

describe("TensorBoard", () => {
  test("CRC-32C has its published values", () => {
    expect(crc32c(Buffer.from("123456789"))).toBe(0xe3069283);
    expect(crc32c(new Uint8Array(32))).toBe(0x8a9136aa);
    expect(crc32c(new Uint8Array(32).fill(0xff))).toBe(0x62a8ab43);
  });

  test("a resumed run starts a later file that has readers forget what followed the checkpoint", async () => {
    const folder = await temporaryFolder();
    const first = await openTensorboard(folder, new Map());
    first.write(row("train", 100, { loss: 0.5 }));
    first.write(row("train", 200, { loss: 0.25, score: 3 }));
    first.write(row("fit", 7, { loss: 1 }));
    await first.close();
    const second = await openTensorboard(folder, new Map([["train", 100]]));
    second.write(row("train", 200, { loss: 0.125 }));
    await second.close();
    const train = join(folder, "tensorboard", "train");
    const files = (await readdir(train)).sort();
    expect(files).toHaveLength(2);
    const events = await Promise.all(files.map(async (file) => readEvents(await readFile(join(train, file)))));
    expect(events).toEqual([
      [
        { step: 0, version: "brain.Event:2", scalars: {} },
        { step: 100, scalars: { loss: 0.5 } },
        { step: 200, scalars: { loss: 0.25, score: 3 } },
      ],
      [
        { step: 0, version: "brain.Event:2", scalars: {} },
        { step: 101, start: true, scalars: {} },
        { step: 200, scalars: { loss: 0.125 } },
      ],
    ]);
    expect(await readdir(join(folder, "tensorboard", "fit"))).toHaveLength(1);
  });
});

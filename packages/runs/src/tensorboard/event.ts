import { PbfWriter } from "pbf";

// Field numbers of TensorFlow's event.proto and summary.proto.
const EVENT = { wallTime: 1, step: 2, fileVersion: 3, summary: 5, sessionLog: 7 } as const;
const SUMMARY_VALUE = 1;
const VALUE = { tag: 1, simpleValue: 2 } as const;
const SESSION_STATUS = 1;
const SESSION_START = 1;

/** The event that every file begins with; `time` is in seconds since the Unix epoch. */
export function versionEvent(time: number): Uint8Array {
  const event = new PbfWriter();
  event.writeDoubleField(EVENT.wallTime, time);
  event.writeStringField(EVENT.fileVersion, "brain.Event:2");
  return event.finish();
}

/** Says that a session starts at a step: readers forget what earlier files say from that step on. */
export function sessionStartEvent(time: number, step: number): Uint8Array {
  const event = new PbfWriter();
  event.writeDoubleField(EVENT.wallTime, time);
  event.writeVarintField(EVENT.step, step);
  event.writeMessage(EVENT.sessionLog, (_, log) => log.writeVarintField(SESSION_STATUS, SESSION_START), undefined);
  return event.finish();
}

/** Figures of one step as scalars. */
export function scalarsEvent(time: number, step: number, figures: Readonly<Record<string, number>>): Uint8Array {
  const event = new PbfWriter();
  event.writeDoubleField(EVENT.wallTime, time);
  event.writeVarintField(EVENT.step, step);
  event.writeMessage(EVENT.summary, (entries, summary) => writeValues(entries, summary), Object.entries(figures));
  return event.finish();
}

function writeValues(figures: readonly [string, number][], summary: PbfWriter): void {
  for (const [tag, value] of figures) {
    summary.writeMessage(
      SUMMARY_VALUE,
      (_, message) => {
        message.writeStringField(VALUE.tag, tag);
        message.writeFloatField(VALUE.simpleValue, value);
      },
      undefined,
    );
  }
}

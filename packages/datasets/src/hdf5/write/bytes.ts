/** Little-endian bytes put together from fields. */
export type Field = Uint8Array;

export const u8 = (...values: number[]): Field => Uint8Array.from(values);

export function u16(value: number): Field {
  const field = new Uint8Array(2);
  new DataView(field.buffer).setUint16(0, value, true);
  return field;
}

export function u32(value: number): Field {
  const field = new Uint8Array(4);
  new DataView(field.buffer).setUint32(0, value, true);
  return field;
}

export function u64(value: number | bigint): Field {
  const field = new Uint8Array(8);
  new DataView(field.buffer).setBigUint64(0, BigInt(value), true);
  return field;
}

export const ascii = (text: string): Field => new TextEncoder().encode(text);

export function join(...fields: readonly Field[]): Uint8Array {
  const out = new Uint8Array(fields.reduce((sum, field) => sum + field.length, 0));
  let at = 0;
  for (const field of fields) {
    out.set(field, at);
    at += field.length;
  }
  return out;
}

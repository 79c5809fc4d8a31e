const rotate = (value: number, bits: number) => (value << bits) | (value >>> (32 - bits));

/**
 * Bob Jenkins's lookup3 hash, with which HDF5 guards its metadata.
 *
 * Source: HDF5 File Format Specification 3.0, "Checksums"; burtleburtle.net/bob/hash (public domain algorithm).
 */
export function lookup3(bytes: Uint8Array): number {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let a = (0xdeadbeef + bytes.length) | 0;
  let b = a;
  let c = a;
  let at = 0;
  for (; bytes.length - at > 12; at += 12) {
    a = (a + view.getUint32(at, true)) | 0;
    b = (b + view.getUint32(at + 4, true)) | 0;
    c = (c + view.getUint32(at + 8, true)) | 0;
    a = (a - c) ^ rotate(c, 4);
    c = (c + b) | 0;
    b = (b - a) ^ rotate(a, 6);
    a = (a + c) | 0;
    c = (c - b) ^ rotate(b, 8);
    b = (b + a) | 0;
    a = (a - c) ^ rotate(c, 16);
    c = (c + b) | 0;
    b = (b - a) ^ rotate(a, 19);
    a = (a + c) | 0;
    c = (c - b) ^ rotate(b, 4);
    b = (b + a) | 0;
  }
  if (at === bytes.length) return c >>> 0;
  const tail = new DataView(new ArrayBuffer(12));
  for (let i = 0; at + i < bytes.length; i++) tail.setUint8(i, bytes[at + i]!);
  return finish(a + tail.getUint32(0, true), b + tail.getUint32(4, true), c + tail.getUint32(8, true));
}

function finish(a: number, b: number, c: number): number {
  c = (c ^ b) - rotate(b, 14);
  a = (a ^ c) - rotate(c, 11);
  b = (b ^ a) - rotate(a, 25);
  c = (c ^ b) - rotate(b, 16);
  a = (a ^ c) - rotate(c, 4);
  b = (b ^ a) - rotate(a, 14);
  c = (c ^ b) - rotate(b, 24);
  return c >>> 0;
}

import { once } from "node:events";
import { crc32, createDeflateRaw } from "node:zlib";

export type ZipFile = { name: string; parts: AsyncIterable<string> };

/** What a ZIP without its 64-bit extension can say of a file and of itself; not every program reads the extension of a stream. */
const maxBytes = 0xffff_ffff;
/** Compressed bytes that are handed on at once. */
const pieceBytes = 64 * 1024;

/**
 * The files as a ZIP (PKWARE APPNOTE 6.3), part by part: a part of a file is read when what came before was taken. The first part of each file
 * is read before anything is written of it.
 * @throws RangeError beyond 4 GiB, which breaks the answer off.
 */
export async function* zipParts(files: readonly ZipFile[], at: Date): AsyncGenerator<Uint8Array<ArrayBuffer>> {
  const listed: Listed[] = [];
  let offset = 0;
  for (const { name, parts } of files) {
    const sums: Sums = { crc: 0, bytes: 0, packedBytes: 0 };
    const start = offset;
    const head = localHead(name, at);
    let isFirst = true;
    for await (const piece of packed(parts, sums)) {
      if (isFirst) yield head;
      isFirst = false;
      sums.packedBytes += piece.length;
      yield piece;
    }
    const tail = descriptor(sums);
    offset = start + head.length + sums.packedBytes + tail.length;
    if (sums.bytes > maxBytes || offset > maxBytes) throw new RangeError("A ZIP holds at most 4 GiB.");
    listed.push({ name, at, sums, start });
    yield tail;
  }
  const directory = Buffer.concat(listed.map(directoryEntry));
  yield concat(directory, directoryEnd(listed.length, directory.length, offset));
}

type Sums = { crc: number; bytes: number; packedBytes: number };
type Listed = { name: string; at: Date; sums: Sums; start: number };

/** Never empty: even nothing is packed into two bytes. */
async function* packed(parts: AsyncIterable<string>, sums: Sums): AsyncGenerator<Uint8Array<ArrayBuffer>> {
  const deflate = createDeflateRaw({ chunkSize: pieceBytes });
  const ready: Uint8Array<ArrayBuffer>[] = [];
  deflate.on("data", (piece: Buffer) => ready.push(new Uint8Array(piece)));
  try {
    for await (const part of parts) {
      const bytes = Buffer.from(part);
      sums.crc = crc32(bytes, sums.crc);
      sums.bytes += bytes.length;
      await new Promise<void>((resolve, reject) => {
        deflate.write(bytes, (error) => (error ? reject(error) : resolve()));
      });
      yield* ready.splice(0);
    }
    deflate.end();
    await once(deflate, "end");
    yield* ready.splice(0);
  } finally {
    deflate.destroy();
  }
}

/** Names are UTF-8; sums and sizes follow the file. */
const flags = 0x0808;
const [deflated, version] = [8, 20];

/** Local file header (4.3.7). */
function localHead(name: string, at: Date): Uint8Array<ArrayBuffer> {
  const bytes = Buffer.from(name);
  const head = Buffer.alloc(30);
  head.writeUInt32LE(0x0403_4b50, 0);
  writeMeans(head, 4, at);
  head.writeUInt16LE(bytes.length, 26);
  return concat(head, bytes);
}

/** Version, flags, method, time: the same in both headers. */
function writeMeans(head: Buffer, place: number, at: Date): void {
  head.writeUInt16LE(version, place);
  head.writeUInt16LE(flags, place + 2);
  head.writeUInt16LE(deflated, place + 4);
  // The format of MS-DOS: years from 1980, and two seconds at a time.
  head.writeUInt16LE((at.getUTCHours() << 11) | (at.getUTCMinutes() << 5) | (at.getUTCSeconds() >> 1), place + 6);
  head.writeUInt16LE(((at.getUTCFullYear() - 1980) << 9) | ((at.getUTCMonth() + 1) << 5) | at.getUTCDate(), place + 8);
}

function writeSums(head: Buffer, place: number, { crc, bytes, packedBytes }: Sums): void {
  head.writeUInt32LE(crc, place);
  head.writeUInt32LE(packedBytes, place + 4);
  head.writeUInt32LE(bytes, place + 8);
}

/** Data descriptor (4.3.9). */
function descriptor(sums: Sums): Uint8Array<ArrayBuffer> {
  const tail = Buffer.alloc(16);
  tail.writeUInt32LE(0x0807_4b50, 0);
  if (sums.bytes <= maxBytes && sums.packedBytes <= maxBytes) writeSums(tail, 4, sums);
  return concat(tail);
}

/** Central directory header (4.3.12). */
function directoryEntry({ name, at, sums, start }: Listed): Buffer {
  const bytes = Buffer.from(name);
  const head = Buffer.alloc(46);
  head.writeUInt32LE(0x0201_4b50, 0);
  head.writeUInt16LE(version, 4);
  writeMeans(head, 6, at);
  writeSums(head, 16, sums);
  head.writeUInt16LE(bytes.length, 28);
  head.writeUInt32LE(start, 42);
  return Buffer.concat([head, bytes]);
}

/** End of central directory record (4.3.16). */
function directoryEnd(count: number, bytes: number, offset: number): Buffer {
  const end = Buffer.alloc(22);
  end.writeUInt32LE(0x0605_4b50, 0);
  end.writeUInt16LE(count, 8);
  end.writeUInt16LE(count, 10);
  end.writeUInt32LE(bytes, 12);
  end.writeUInt32LE(offset, 16);
  return end;
}

const concat = (...parts: Uint8Array[]): Uint8Array<ArrayBuffer> => new Uint8Array(Buffer.concat(parts));

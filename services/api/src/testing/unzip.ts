import { crc32, inflateRawSync } from "node:zlib";

/** The texts of a ZIP by their names, read by its directory as other programs do. @throws Error where sums or sizes do not fit. */
export function unzipped(zip: Buffer): Record<string, string> {
  const end = zip.lastIndexOf(Buffer.from([0x50, 0x4b, 5, 6]));
  if (end !== zip.length - 22) throw new Error("no end of the directory");
  const files: Record<string, string> = {};
  let place = zip.readUInt32LE(end + 16);
  for (let left = zip.readUInt16LE(end + 10); left > 0; left--) {
    const [crc, packedBytes, bytes] = [16, 20, 24].map((at) => zip.readUInt32LE(place + at));
    const nameBytes = zip.readUInt16LE(place + 28);
    const name = zip.toString("utf8", place + 46, place + 46 + nameBytes);
    const start = zip.readUInt32LE(place + 42) + 30 + nameBytes;
    const text = inflateRawSync(zip.subarray(start, start + (packedBytes ?? 0)));
    if (text.length !== bytes || crc32(text) !== crc) throw new Error(`${name} is not what the directory says`);
    files[name] = text.toString("utf8");
    place += 46 + nameBytes;
  }
  if (place !== end) throw new Error("the directory has another size");
  return files;
}

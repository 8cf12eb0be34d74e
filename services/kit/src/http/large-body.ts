import type { OpenAnswer } from "./open-answers.ts";

/** Smaller bodies are handed to the kernel at once; larger ones go out in pieces of about this size. */
export const pieceBytes = 64 * 1024;

type Part = string | Uint8Array<ArrayBuffer>;

/** A body that is read piece by piece, each one only when the reader has taken the last. */
export type LargeBody = {
  /** Notified of every taken piece, and of the end. */
  watch(answer: OpenAnswer): void;
  /** Drops everything that has not been taken; the reader gets nothing more, and no proper end. */
  cut(): void;
};

const bodies = new WeakMap<Response, LargeBody>();

/** The body of an answer whose size needs watching, or undefined when the answer is small. */
export const largeBodyOf = (response: Response): LargeBody | undefined => bodies.get(response);

const texts = new WeakMap<Response, string>();

/**
 * The whole text of an answer made by `textResponse`, given once; undefined for every other one. It is let go here: beside
 * the bytes that wait for a slow reader it would hold them twice.
 */
export function takeWholeText(response: Response): string | undefined {
  const text = texts.get(response);
  texts.delete(response);
  return text;
}

/** An answer of this text, whatever its size. */
export function textResponse(text: string, init: ResponseInit): Response {
  // A UTF-16 unit is one to three bytes.
  const isSmall = text.length * 3 <= pieceBytes || Buffer.byteLength(text) <= pieceBytes;
  const response = isSmall
    ? new Response(text, init)
    : streamedResponse(piecesOf(new TextEncoder().encode(text)), init);
  texts.set(response, text);
  return response;
}

/** An answer of these bytes, whatever their number. */
export const bytesResponse = (bytes: Uint8Array<ArrayBuffer>, init: ResponseInit): Response =>
  bytes.length <= pieceBytes ? new Response(bytes, init) : streamedResponse(piecesOf(bytes), init);

/** An answer made of parts. The next part is made when the reader has taken the last, so `parts` should be about `pieceBytes` each. */
export function streamedResponse(parts: AsyncIterator<Part> | Iterator<Part>, init: ResponseInit): Response {
  let source: typeof parts | null = parts;
  let answer: OpenAnswer | null = null;
  const stop = async (): Promise<void> => {
    const left = source;
    source = null;
    answer?.end();
    await left?.return?.();
  };
  const body = new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        answer?.taken();
        // Cut: nothing more is sent, so that a broken answer is never mistaken for a complete one.
        if (source === null) return new Promise(() => {});
        try {
          const { value, done } = await source.next();
          if (source === null) return new Promise(() => {});
          if (!done) return controller.enqueue(typeof value === "string" ? utf8.encode(value) : value);
        } catch (error) {
          await stop();
          throw error;
        }
        await stop();
        controller.close();
      },
      cancel: stop,
    },
    { highWaterMark: 0 },
  );
  const response = new Response(body, init);
  bodies.set(response, {
    watch(given) {
      answer = given;
    },
    cut: () => void stop().catch(() => {}),
  });
  return response;
}

const utf8 = new TextEncoder();

function* piecesOf(bytes: Uint8Array<ArrayBuffer>): Generator<Uint8Array<ArrayBuffer>> {
  for (let at = 0; at < bytes.length; at += pieceBytes) yield bytes.subarray(at, at + pieceBytes);
}

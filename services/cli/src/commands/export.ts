import { closeSync, openSync, renameSync, rmSync, writeSync } from "node:fs";
import { basename, resolve } from "node:path";
import { type ExportFormat, exportFormats } from "@carillon/contracts/http/transfer";
import { Failure, UsageError } from "../exit.ts";
import { Unreachable } from "../http/client.ts";
import { readJson, readStream } from "../http/read-answer.ts";
import { printable } from "../terminal/printable.ts";
import { optionOf, type Run } from "./command.ts";

export async function exportTasks(run: Run): Promise<void> {
  const { world, screen, given } = run;
  const [name] = given.words;
  const format = formatOf(optionOf(run, "format"), name);
  const isFile = name !== undefined && name !== "-";
  if (!isFile && format === "zip" && world.columns !== null)
    throw new UsageError("A ZIP is nothing for a terminal: name a file.");
  const stream = await open(run, format);
  if (!isFile) return copy(run, stream, world.columns === null ? world.out : shown(world.out));
  const file = resolve(world.folder, name);
  const bytes = await save(run, stream, file);
  if (screen.json) return screen.data({ file, format, bytes });
  await screen.line(`Wrote ${printable(file)} (${bytes} bytes).`);
}

function formatOf(given: string | undefined, file: string | undefined): ExportFormat {
  const ending = /\.(\w+)$/.exec(file ?? "")?.[1]?.toLowerCase();
  return exportFormats.find((one) => one === given) ?? exportFormats.find((one) => one === ending) ?? "json";
}

const types = /^(application\/(json|zip)|text\/(csv|calendar))\b/;

/** In a session the product asks for the password again when it was last entered a while ago. */
async function open(run: Run, format: ExportFormat): Promise<ReadableStream<Uint8Array>> {
  const { client, world } = run;
  const call = { query: { format }, headers: { accept: "*/*" }, timeoutMs: null };
  const ask = async () => readStream(await client.send("/api/tasks/export", call), types);
  try {
    return await ask();
  } catch (error) {
    if (!(error instanceof Failure) || !error.problem?.type.endsWith(":proof_required")) throw error;
    const password = await world.ask("Your password again, please: ", true);
    if (password === null)
      throw new Failure(
        "signIn",
        "Exporting asks for your password again: sign in again, or use an access token.",
        error.problem,
      );
    await readJson(await client.send("/api/auth/proof", { method: "POST", body: { password } }));
    return ask();
  }
}

/** A part is read when the one before was taken. */
async function copy(
  { client }: Run,
  stream: ReadableStream<Uint8Array>,
  write: (part: Uint8Array) => Promise<void>,
): Promise<void> {
  try {
    for await (const part of stream) await write(part);
  } catch (error) {
    if (error instanceof Failure || (error as NodeJS.ErrnoException).syscall) throw error;
    throw new Unreachable(client.account.url, false, "the export was cut off");
  }
}

/** To a terminal without what would act on it; a file has every byte as it came. */
function shown(out: Run["world"]["out"]): (part: Uint8Array) => Promise<void> {
  const decoder = new TextDecoder();
  return async (part) =>
    out(
      decoder
        .decode(part, { stream: true })
        .split(/(\r?\n)/)
        .map((piece) => (/^\r?\n$/.test(piece) ? piece : printable(piece)))
        .join(""),
    );
}

/** The file is there as a whole, or as it was; only its owner can read it. */
async function save(run: Run, stream: ReadableStream<Uint8Array>, file: string): Promise<number> {
  const draft = `${file}.part`;
  const handle = openSync(draft, "w", 0o600);
  let bytes = 0;
  try {
    await copy(run, stream, async (part) => {
      for (let at = 0; at < part.length; ) at += writeSync(handle, part, at);
      bytes += part.length;
    });
    renameSync(draft, file);
    return bytes;
  } catch (error) {
    rmSync(draft, { force: true });
    if (error instanceof Failure) throw error;
    throw new Failure(
      "failure",
      `${basename(file)} cannot be written: ${error instanceof Error ? error.message : error}`,
    );
  } finally {
    closeSync(handle);
  }
}

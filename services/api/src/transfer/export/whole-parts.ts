import { AuditPage } from "@carillon/contracts/http/audit";
import { readAudit } from "../../ask-audit.ts";
import { allConversations } from "../../assistant/index.ts";
import { getMe } from "../../auth/index.ts";
import type { ApiDeps } from "../../deps.ts";
import { zipParts } from "../formats/zip.ts";
import { csvParts } from "./csv-parts.ts";
import { icsParts } from "./ics-parts.ts";
import { jsonParts } from "./json-parts.ts";

/**
 * Everything of the account as a ZIP, part by part. The history comes first: it is another service's, and while that is away the answer is
 * 503 and not half a file.
 */
export const wholeParts = (deps: ApiDeps, userId: string): AsyncGenerator<Uint8Array<ArrayBuffer>> =>
  zipParts(
    [
      { name: "history.jsonl", parts: historyParts(deps, userId) },
      { name: "tasks.json", parts: jsonParts(deps, userId) },
      { name: "tasks.csv", parts: csvParts(deps, userId, { bom: true }) },
      { name: "tasks.ics", parts: icsParts(deps, userId) },
      { name: "conversations.jsonl", parts: conversationParts(deps, userId) },
      { name: "account.json", parts: accountParts(deps, userId) },
      { name: "README.txt", parts: readmeParts() },
    ],
    deps.clock.now(),
  );

/** Entries at once: audit ends its pages at half a megabyte. */
const maxEntries = 100;

/** The newest entry first, one a line. */
async function* historyParts(deps: ApiDeps, userId: string): AsyncGenerator<string> {
  let cursor: string | undefined;
  do {
    const page: AuditPage = await readAudit(deps, AuditPage, "/internal/entries", {
      user_id: userId,
      limit: maxEntries,
      cursor,
    });
    yield page.data.map((entry) => `${JSON.stringify(entry)}\n`).join("");
    cursor = page.next_cursor ?? undefined;
  } while (cursor !== undefined);
}

async function* conversationParts(deps: ApiDeps, userId: string): AsyncGenerator<string> {
  for await (const conversation of allConversations(deps, userId)) yield `${JSON.stringify(conversation)}\n`;
}

async function* accountParts(deps: ApiDeps, userId: string): AsyncGenerator<string> {
  yield `${JSON.stringify(await getMe(deps, userId), null, 2)}\n`;
}

async function* readmeParts(): AsyncGenerator<string> {
  yield `Everything in your Carillon account.

tasks.json           every task and tag, trash and completed ones included: Carillon reads it back (Settings, Import)
tasks.csv            the same as a table for spreadsheets
tasks.ics            to-dos for calendars, without the trash
history.jsonl        every change, the newest first, one a line; hash chains each to the one before it
conversations.jsonl  what you and the assistant said, one conversation a line
account.json         your account; passwords, keys and access tokens are in no export
`;
}

import { afterEach, beforeEach, expect, test } from "bun:test";
import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { folderMailer, MailFailure } from "@carillon/adapters/mail";
import type { Letter } from "@carillon/contracts/http/letters";
import { until } from "@carillon/testing/until";
import { letterKey, lettersOf } from "../src/letters/letter-mail.ts";
import { openRig, type Rig } from "./harness.ts";

let rig: Rig;
beforeEach(async () => {
  rig = await openRig();
});
afterEach(() => rig.close());

const letterOf = (more: Partial<Letter> = {}): Letter => ({
  user_id: Bun.randomUUIDv7(),
  id: Bun.randomUUIDv7(),
  kind: "reset",
  email: "ada@example.com",
  name: "<b>Ada</b>\r\nBcc: eve@example.com",
  time_zone: "Europe/Berlin",
  language: "en",
  details: null,
  created_at: new Date().toISOString(),
  tries: 1,
  token: "the-last-part",
  ...more,
});

test("a letter is mailed within seconds, with one link and nothing that was typed, and api hears of it", async () => {
  const replica = await rig.replica();
  const letter = letterOf();
  rig.api.letters.push(letter);
  replica.start();
  await until("api heard", () => rig.api.letterResults.length === 1);
  expect(rig.api.letterResults).toMatchObject([{ id: letter.id, delay_ms: null }]);
  const [{ key, mail } = { key: "", mail: null }] = rig.sent;
  expect(key).toBe(letterKey(letter));
  expect(mail?.to).toBe("ada@example.com");
  expect(mail?.text.match(/https?:\/\/\S+/g)).toEqual(["http://localhost:3000/reset/the-last-part"]);
  expect(JSON.stringify(mail)).not.toMatch(/Ada|eve@/);
});

test("a transport that is away is tried again, one that refuses is not", async () => {
  const replica = await rig.replica();
  rig.troubles.push(new MailFailure("away", "no server listens"));
  rig.api.letters.push(letterOf());
  replica.start();
  await until("api heard", () => rig.api.letterResults.length === 1);
  expect(rig.api.letterResults[0]?.delay_ms).toBeGreaterThan(0);
  rig.troubles.push(new MailFailure("refused", "no such mailbox"));
  rig.api.letters.push(letterOf());
  await until("api heard again", () => rig.api.letterResults.length === 2);
  expect(rig.api.letterResults[1]?.delay_ms).toBeNull();
  expect([rig.sent, rig.api.bounces]).toEqual([[], []]);
  rig.troubles.push(new MailFailure("refused", "550 5.1.1 no such mailbox", { isNoMailbox: true }));
  rig.api.letters.push(letterOf({ email: "gone@example.com" }));
  await until("api heard of the mailbox", () => rig.api.bounces.length === 1);
  expect(rig.api.bounces).toEqual(["gone@example.com"]);
});

test("an erased user's letters go from the folder, and no other's", async () => {
  const folder = mkdtempSync(join(tmpdir(), "letters-"));
  try {
    const mailer = folderMailer({ folder, from: "bells@example.com", clock: { now: () => new Date() } });
    const [leaving, staying] = [letterOf(), letterOf()];
    rig.api.letters.push(
      leaving,
      staying,
      letterOf({ user_id: leaving.user_id, kind: "password_changed", token: null }),
    );
    const replica = await rig.replica(mailer);
    replica.start();
    await until("all are there", () => readdirSync(folder).filter((name) => name.endsWith(".eml")).length === 3);
    const { event_type: _, ...gone } = rig.event(
      "scheduled",
      rig.api.add({ userId: leaving.user_id, remindAt: new Date() }),
    ).data as Record<string, unknown>;
    const base = rig.event("scheduled", rig.api.add({ userId: leaving.user_id, remindAt: new Date() }));
    const data = { ...gone, event_type: "user.erased", task_id: null };
    await rig.deliver(replica, { ...base, type: "user.erased", data });
    const left = readdirSync(folder).filter((name) => name.startsWith("account-"));
    expect(left).toEqual([`${letterKey(staying)}.eml`]);
    expect(left[0]).toStartWith(lettersOf(staying.user_id));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});

import { expect, test } from "bun:test";
import type { AuditVerification } from "@carillon/contracts/http/audit";
import { Verifications } from "./verify-history.ts";

const whole: AuditVerification = { ok: true, checked: 3, first_broken: null, reason: null };
const limits = { waitMs: 20, keepMs: 60_000, atMost: 2 };

/** A verification that takes until it is told to end, and how often it was begun. */
function slow() {
  const begun: PromiseWithResolvers<AuditVerification>[] = [];
  const verify = () => {
    const one = Promise.withResolvers<AuditVerification>();
    begun.push(one);
    return one.promise;
  };
  return { begun, verify };
}

test("a verification longer than a call may wait goes on, and the next call collects it", async () => {
  const { begun, verify } = slow();
  const verifications = new Verifications(verify, limits);
  await expect(verifications.of("ann")).rejects.toMatchObject({ code: "unavailable", headers: { "retry-after": "2" } });
  await expect(verifications.of("ann")).rejects.toMatchObject({ code: "unavailable" });
  begun[0]?.resolve(whole);
  expect(await verifications.of("ann")).toEqual(whole);
  expect(begun).toHaveLength(1);
});

test("calls at the same time share one verification; one that was answered is never given again", async () => {
  const { begun, verify } = slow();
  const verifications = new Verifications(verify, { ...limits, waitMs: 1_000 });
  const calls = [verifications.of("ann"), verifications.of("ann")];
  begun[0]?.resolve(whole);
  expect(await Promise.all(calls)).toEqual([whole, whole]);
  const later = verifications.of("ann");
  expect(begun).toHaveLength(2);
  begun[1]?.resolve({ ...whole, ok: false });
  expect(await later).toEqual({ ...whole, ok: false });
});

test("a result that nobody collects is forgotten", async () => {
  const { begun, verify } = slow();
  const verifications = new Verifications(verify, { ...limits, keepMs: 5 });
  await expect(verifications.of("ann")).rejects.toMatchObject({ code: "unavailable" });
  begun[0]?.resolve(whole);
  await Bun.sleep(30);
  await expect(verifications.of("ann")).rejects.toMatchObject({ code: "unavailable" });
  expect(begun).toHaveLength(2);
});

test("G25: only so many run at once; the next user is asked to come again, and may when one has ended", async () => {
  const { begun, verify } = slow();
  const verifications = new Verifications(verify, { ...limits, waitMs: 1_000 });
  const calls = [verifications.of("ann"), verifications.of("bob")];
  await expect(verifications.of("cem")).rejects.toMatchObject({ code: "unavailable", headers: { "retry-after": "2" } });
  expect(begun).toHaveLength(2);
  begun[0]?.resolve(whole);
  await calls[0];
  const third = verifications.of("cem");
  for (const one of begun) one.resolve(whole);
  expect(await third).toEqual(whole);
  await calls[1];
});

test("a failure is told to whoever waits, and the next call tries again", async () => {
  const { begun, verify } = slow();
  const verifications = new Verifications(verify, { ...limits, waitMs: 1_000 });
  const call = verifications.of("ann");
  begun[0]?.reject(new Error("the database is away"));
  await expect(call).rejects.toThrow("the database is away");
  const next = verifications.of("ann");
  begun[1]?.resolve(whole);
  expect(await next).toEqual(whole);
});

import { expect, test } from "bun:test";
import type { AuditVerification } from "@carillon/contracts/http/audit";
import { Verifications } from "./verify-history.ts";

const whole: AuditVerification = { ok: true, checked: 3, first_broken: null, reason: null };
const limits = { waitMs: 20, keepMs: 60_000, atMost: 2 };

/** A verification that runs until the test ends it, and how often it was started. */
function slow() {
  const started: PromiseWithResolvers<AuditVerification>[] = [];
  const verify = () => {
    const one = Promise.withResolvers<AuditVerification>();
    started.push(one);
    return one.promise;
  };
  return { started, verify };
}

test("a verification longer than one call may wait continues, and the next call collects it", async () => {
  const { started, verify } = slow();
  const verifications = new Verifications(verify, limits);
  await expect(verifications.of("ann")).rejects.toMatchObject({ code: "unavailable", headers: { "retry-after": "2" } });
  await expect(verifications.of("ann")).rejects.toMatchObject({ code: "unavailable" });
  started[0]?.resolve(whole);
  expect(await verifications.of("ann")).toEqual(whole);
  expect(started).toHaveLength(1);
});

test("concurrent calls share one verification; a delivered result is never given again", async () => {
  const { started, verify } = slow();
  const verifications = new Verifications(verify, { ...limits, waitMs: 1_000 });
  const calls = [verifications.of("ann"), verifications.of("ann")];
  started[0]?.resolve(whole);
  expect(await Promise.all(calls)).toEqual([whole, whole]);
  const later = verifications.of("ann");
  expect(started).toHaveLength(2);
  started[1]?.resolve({ ...whole, ok: false });
  expect(await later).toEqual({ ...whole, ok: false });
});

test("a result that no call collects is evicted", async () => {
  const { started, verify } = slow();
  const verifications = new Verifications(verify, { ...limits, keepMs: 5 });
  await expect(verifications.of("ann")).rejects.toMatchObject({ code: "unavailable" });
  started[0]?.resolve(whole);
  await Bun.sleep(30);
  await expect(verifications.of("ann")).rejects.toMatchObject({ code: "unavailable" });
  expect(started).toHaveLength(2);
});

test("G25: the number of concurrent verifications is limited; the next user is asked to come again, and succeeds when one has ended", async () => {
  const { started, verify } = slow();
  const verifications = new Verifications(verify, { ...limits, waitMs: 1_000 });
  const calls = [verifications.of("ann"), verifications.of("bob")];
  await expect(verifications.of("cem")).rejects.toMatchObject({ code: "unavailable", headers: { "retry-after": "2" } });
  expect(started).toHaveLength(2);
  started[0]?.resolve(whole);
  await calls[0];
  const third = verifications.of("cem");
  for (const one of started) one.resolve(whole);
  expect(await third).toEqual(whole);
  await calls[1];
});

test("a failure reaches the waiting callers, and the next call tries again", async () => {
  const { started, verify } = slow();
  const verifications = new Verifications(verify, { ...limits, waitMs: 1_000 });
  const call = verifications.of("ann");
  started[0]?.reject(new Error("the database is away"));
  await expect(call).rejects.toThrow("the database is away");
  const next = verifications.of("ann");
  started[1]?.resolve(whole);
  expect(await next).toEqual(whole);
});

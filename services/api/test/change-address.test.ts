import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { noteTransport } from "../src/auth/index.ts";
import { addressesOf } from "./address-rig.ts";
import { type Harness, startApi } from "./harness.ts";

let api: Harness;
beforeAll(async () => {
  api = await startApi();
  await noteTransport({ sql: api.sql }, true);
});
afterAll(() => api.close());

const { take, verify, linksTo, freshEmail, change, me, signIn, proven } = addressesOf(() => api, "changed");

describe("a change of address", () => {
  test("takes effect with the link mailed to the new one; the old one receives a notice when it is asked for and when it is done", async () => {
    const ada = await proven();
    const next = freshEmail();
    expect((await change(ada, next)).status).toBe(202);
    const mailed = await take();
    expect(mailed.map(({ kind, email }) => [kind, email]).sort()).toEqual([
      ["email_change", next],
      ["email_change_asked", ada.email],
    ]);
    expect((await me(ada)).email).toBe(ada.email);
    expect((await signIn(next)).status).toBe(401);
    expect((await verify(mailed.find(({ email }) => email === next)?.token ?? "")).status).toBe(204);
    expect(await me(ada)).toMatchObject({ email: next, email_verified: true });
    expect((await signIn(next)).status).toBe(200);
    expect((await signIn(ada.email)).status).toBe(401);
    expect((await take()).map(({ kind, email }) => [kind, email])).toEqual([["email_changed", ada.email]]);
  });

  test("asks for the password, and for an address that is not the present one", async () => {
    const ada = await proven();
    const refused = async (email: string, given?: string) => (await change(ada, email, given)).body.errors[0].pointer;
    expect(await refused(freshEmail(), "a wrong password")).toBe("/password");
    expect(await refused(ada.email.toUpperCase())).toBe("/new_email");
    expect(await refused("no address")).toBe("/new_email");
    expect(await linksTo(ada.email)).toEqual([]);
  });

  test("says nothing of whether an address has an account, and takes none from an account that has proven it", async () => {
    const [ada, eve] = [await proven(), await proven()];
    expect((await change(eve, ada.email)).status).toBe(202);
    const [link = ""] = await linksTo(ada.email);
    expect((await verify(link)).status).toBe(409);
    expect((await me(ada)).email).toBe(ada.email);
    expect((await signIn(ada.email)).body.user.id).toBe(ada.user.id);
  });

  test("only the newest link opens: an address with a typing error is not confirmed by a stranger", async () => {
    const ada = await proven();
    const [wrong, right] = [freshEmail(), freshEmail()];
    await change(ada, wrong);
    const [toWrong = ""] = await linksTo(wrong);
    await change(ada, right);
    const [toRight = ""] = await linksTo(right);
    expect((await verify(toWrong)).status).toBe(422);
    expect((await verify(toRight)).status).toBe(204);
    expect((await me(ada)).email).toBe(right);
  });

  test("is not ended by another account's later one", async () => {
    const [ada, eve] = [await proven(), await proven()];
    const next = freshEmail();
    await change(ada, next);
    const [link = ""] = await linksTo(next);
    await change(eve, freshEmail());
    expect((await verify(link)).status).toBe(204);
  });

  test("a way back that was mailed to the old address is over, and so is a change after a reset", async () => {
    const ada = await proven();
    await api.call("POST", "/api/auth/forgot", { body: { email: ada.email } });
    const [back = ""] = await linksTo(ada.email);
    const next = freshEmail();
    await change(ada, next);
    const [link = ""] = await linksTo(next);
    expect((await verify(link)).status).toBe(204);
    const reset = (token: string) =>
      api.call("POST", "/api/auth/reset", { body: { token, new_password: "another horse of seven" } });
    expect((await reset(back)).status).toBe(422);
    await change({ ...ada }, ada.email);
    const [away = ""] = await linksTo(ada.email);
    await api.call("POST", "/api/auth/forgot", { body: { email: next } });
    const [way = ""] = await linksTo(next);
    expect((await reset(way)).status).toBe(204);
    expect((await verify(away)).status).toBe(422);
  });

  test("three changes an hour may be asked for, so that no mailbox is filled", async () => {
    const ada = await proven();
    for (let at = 0; at < 3; at++) expect((await change(ada, freshEmail())).status).toBe(202);
    expect((await change(ada, freshEmail())).status).toBe(429);
  });
});

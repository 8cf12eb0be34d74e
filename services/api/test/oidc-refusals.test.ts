import { afterAll, beforeAll, beforeEach, describe, expect, test } from "bun:test";
import { sweepExpired } from "../src/auth/index.ts";
import { addressesOf } from "./address-rig.ts";
import type { Harness } from "./harness.ts";
import { browserOf, type ProviderRig, problemOf as problem, startWithProvider } from "./provider-rig.ts";

let api: Harness;
let rig: ProviderRig;
beforeAll(async () => {
  ({ rig, api } = await startWithProvider());
});
afterAll(async () => {
  await api.close();
  await rig.stop();
});
beforeEach(() => rig.reset());

const minuteMs = 60_000;
const seconds = () => Math.floor(api.clock.now().getTime() / 1_000);
const browser = browserOf(
  () => api,
  () => rig,
);
const addresses = addressesOf(() => api, "refused");

describe("an answer opens nothing", () => {
  /** One sign-in in which one thing is wrong. */
  const refused = async (bend: (back: URL) => void, claims: object = {}) => {
    rig.told.claims = { ...rig.person(), ...claims };
    const started = await browser.start();
    const back = new URL(await browser.visit(started.url));
    bend(back);
    return problem(await browser.finish(started, back.href));
  };
  const none = [401, "unauthenticated"];
  const asIs = () => {};

  test("unless it is right in everything", async () => {
    rig.told.claims = rig.person();
    const started = await browser.start();
    expect((await browser.finish(started, await browser.visit(started.url))).status).toBe(200);
  });

  test("with another state, or none", async () => {
    const other = new URL((await browser.start()).url).searchParams.get("state") ?? "";
    for (const state of [other, "", "x"])
      expect(await refused((back) => back.searchParams.set("state", state))).toEqual(none);
    expect(await refused((back) => back.searchParams.delete("state"))).toEqual(none);
    expect(await refused((back) => back.searchParams.append("state", other))).toEqual(none);
  });

  test("with another nonce, or none", async () => {
    expect(await refused(asIs, { nonce: "another" })).toEqual(none);
    expect(await refused(asIs, { nonce: undefined })).toEqual(none);
  });

  test("of another issuer, in the token or beside the code", async () => {
    for (const iss of ["https://evil.example", `${rig.issuer}/`, `${rig.issuer}x`, undefined])
      expect([iss, await refused(asIs, { iss })]).toEqual([iss, none]);
    expect(await refused((back) => back.searchParams.set("iss", "https://evil.example"))).toEqual(none);
  });

  test("for another audience", async () => {
    for (const aud of ["another", ["carillon", "another"], [], undefined])
      expect([aud, await refused(asIs, { aud })]).toEqual([aud, none]);
  });

  test("that is expired, from the future, or without a subject", async () => {
    const at = seconds();
    for (const odd of [
      { exp: at - 60 },
      { nbf: at + 600 },
      { iat: undefined },
      { sub: undefined },
      { sub: "" },
      { sub: "x\u0000" },
    ])
      expect([odd, await refused(asIs, odd)]).toEqual([odd, none]);
  });

  test("unsigned, signed by another key, or bent", async () => {
    const part = (value: object) => Buffer.from(JSON.stringify(value)).toString("base64url");
    const bends: ((token: string) => string)[] = [
      (token) => `${part({ alg: "none" })}.${token.split(".")[1]}.`,
      (token) => `${part({ alg: "HS256" })}.${token.split(".").slice(1).join(".")}`,
      (token) => token.replace(/\.[^.]{20}/, ".AAAAAAAAAAAAAAAAAAAA"),
      (token) => `${token.slice(0, -12)}AAAAAAAAAAAA`,
      () => "",
    ];
    for (const [at, bend] of bends.entries()) {
      rig.told.idToken = bend;
      expect([at, await refused(asIs)]).toEqual([at, none]);
    }
  });

  test("at an address that differs by one character, and the provider is not even asked", async () => {
    const before = rig.asked.tokens.length;
    for (const bend of [
      (back: URL) => (back.pathname += "/"),
      (back: URL) => (back.pathname = back.pathname.slice(0, -1)),
      (back: URL) => (back.pathname = back.pathname.replace("callback", "Callback")),
      (back: URL) => (back.port = "3001"),
      (back: URL) => (back.hostname = "localhosts"),
      (back: URL) => (back.protocol = "https:"),
    ])
      expect(await refused((back) => void bend(back))).toEqual(none);
    const started = await browser.start();
    for (const odd of ["", "x", "/sign-in/provider/callback?code=1"])
      expect(problem(await browser.finish(started, odd))).toEqual(none);
    expect(rig.asked.tokens).toHaveLength(before);
  });

  test("whose challenge another client made, or was made plain on the way", async () => {
    rig.told.claims = rig.person();
    for (const bend of [
      (url: URL) => url.searchParams.set("code_challenge_method", "plain"),
      (url: URL) => url.searchParams.set("code_challenge", "a".repeat(43)),
    ]) {
      const started = await browser.start();
      const url = new URL(started.url);
      bend(url);
      expect(problem(await browser.finish(started, await browser.visit(url.href)))).toEqual(none);
    }
    const [mine, theirs] = [await browser.start(), await browser.start()];
    // Their code under my state.
    const back = new URL(await browser.visit(theirs.url));
    back.searchParams.set("state", new URL(mine.url).searchParams.get("state") ?? "");
    expect(problem(await browser.finish(mine, back.href))).toEqual(none);
  });

  test("a second time, late, cancelled, without a start, or to a start for something else", async () => {
    rig.told.claims = rig.person();
    const started = await browser.start();
    const back = await browser.visit(started.url);
    expect((await browser.finish(started, back)).status).toBe(200);
    expect(problem(await browser.finish(started, back))).toEqual(none);
    const late = await browser.start();
    const lateBack = await browser.visit(late.url);
    api.clock.advance(10 * minuteMs);
    expect(problem(await browser.finish(late, lateBack))).toEqual(none);
    expect((await sweepExpired(api.deps)).challenges).toBeGreaterThan(0);
    const cancelled = await browser.start();
    const state = new URL(cancelled.url).searchParams.get("state");
    const said = await browser.finish(
      cancelled,
      `${new URL(back).origin}/sign-in/provider/callback?error=access_denied&state=${state}`,
    );
    expect([...problem(said), said.body.detail]).toEqual([...none, "You cancelled at Example."]);
    expect(problem(await browser.finish({ flow: "x" }, back))).toEqual(none);
    const ada = await addresses.proven();
    const { body: link } = await browser.startLink(ada);
    expect(problem(await browser.finish(link, await browser.visit(link.url)))).toEqual(none);
  });
});

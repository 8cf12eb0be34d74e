import { afterAll, beforeAll, expect, test } from "bun:test";
import type { Letter } from "@carillon/contracts/http/letters";
import { appTokenHeader } from "@carillon/contracts/names";
import fc from "fast-check";
import { Secret, TOTP } from "otpauth";
import { softAuthenticator } from "./authenticator.ts";
import { appToken, type Harness } from "./harness.ts";
import { browserOf, type ProviderRig, startWithProvider } from "./provider-rig.ts";

let api: Harness;
let rig: ProviderRig;
beforeAll(async () => {
  ({ rig, api } = await startWithProvider());
});
afterAll(async () => {
  await api.close();
  await rig.stop();
});

const browser = browserOf(
  () => api,
  () => rig,
);

const minuteMs = 60_000;
const inside = { [appTokenHeader]: appToken };

/** What one of the two can do. `both`: with the address that both want, which is Ada's mailbox. */
const acts = [
  "sign up",
  "sign in",
  "forget",
  "ask for a link",
  "open a link",
  "move to the own address",
  "move to the shared address",
  "change the password",
  "erase",
  "make a passkey",
  "set up an app",
  "connect the provider",
  "sign in with the provider",
  "a week passes",
] as const;
type Act = (typeof acts)[number];
/** Done right after a sign-in. */
const needsProof: readonly Act[] = ["make a passkey", "connect the provider"];
type Step = { who: "ada" | "eve"; act: Act };

let worlds = 0;

/** Two people, and one address that both use and only Ada reads. */
class World {
  readonly shared = `shared-${++worlds}@example.com`;
  readonly own = { ada: `ada-${worlds}@example.com`, eve: `eve-${worlds}@example.com` };
  readonly passwords = { ada: "the horse of ada", eve: "the horse of eve" };
  readonly tokens: Record<Step["who"], string[]> = { ada: [], eve: [] };
  /** Mail that was not read yet, by address. */
  readonly mail = new Map<string, Letter[]>();
  /** The accounts that are Ada's: made by her, or opened by her with a link from her mailbox. */
  readonly adas = new Set<string>();
  /** Passkeys that Eve has made, with the account of each. */
  readonly passkeys: { device: ReturnType<typeof softAuthenticator>; userId: string }[] = [];
  /** The account in which Ada has proven the shared address, and that she neither moved nor erased. */
  home: string | null = null;

  async call(method: string, path: string, body?: unknown, token: string | null = null) {
    return api.call(method, path, { token, ...(body === undefined ? {} : { body }) });
  }

  async deliver(): Promise<void> {
    const { body } = await api.call("POST", "/internal/letters/take", { headers: inside, body: { goes_out: true } });
    const results = body.letters.map(({ user_id, id }: Letter) => ({ user_id, id, delay_ms: null }));
    if (results.length > 0) await api.call("POST", "/internal/letters/results", { headers: inside, body: { results } });
    for (const letter of body.letters as Letter[])
      this.mail.set(letter.email, [...(this.mail.get(letter.email) ?? []), letter]);
  }

  enter(
    who: Step["who"],
    { status, body }: { status: number; body: { access_token?: string; user?: { id: string } } },
  ) {
    if (status >= 300 || !body.access_token || !body.user) return;
    this.tokens[who].push(body.access_token);
    if (who === "ada" && status === 201) this.adas.add(body.user.id);
  }

  async do({ who, act }: Step, takesTime = true): Promise<void> {
    const password = this.passwords[who];
    if (needsProof.includes(act)) await this.do({ who, act: "sign in" }, false);
    const token = this.tokens[who].at(-1) ?? null;
    const signedIn = token === null ? null : (await this.call("GET", "/api/auth/me", undefined, token)).body;
    const email = this.shared;
    if (act === "sign up") this.enter(who, await this.call("POST", "/api/signup", { email, password }));
    if (act === "sign in")
      for (const one of [email, this.own[who]])
        this.enter(who, await this.call("POST", "/api/signin", { email: one, password }));
    if (act === "forget") await this.call("POST", "/api/auth/forgot", { email });
    if (act === "ask for a link") await this.call("POST", "/api/auth/verify/resend", undefined, token);
    if (act === "open a link") await this.open(who);
    if (act === "move to the own address") await this.move(token, this.own[who], password);
    if (act === "move to the shared address") await this.move(token, email, password);
    if (act === "change the password" && token !== null)
      await this.call("POST", "/api/auth/password", { current_password: password, new_password: password }, token);
    if (act === "erase" && token !== null) {
      const { status } = await this.call("DELETE", "/api/auth/me", { password }, token);
      if (status === 204 && signedIn?.id === this.home) this.home = null;
    }
    if (act === "make a passkey" && signedIn?.id) await this.makePasskey(who, token, signedIn.id);
    if (act === "set up an app" && who === "eve" && signedIn?.email_verified === false) await this.setUpApp(token);
    if (act === "connect the provider" && token !== null) await this.connect(who, token);
    if (act === "sign in with the provider") await this.enterByProvider(who);
    if (act === "a week passes") api.clock.advance(8 * 24 * 60 * minuteMs);
    if (!takesTime) return;
    api.clock.advance(25 * minuteMs);
    await this.deliver();
  }

  async move(token: string | null, new_email: string, password: string): Promise<void> {
    if (token !== null) await this.call("POST", "/api/auth/email", { new_email, password }, token);
  }

  /** What the provider has proven of each: Ada reads the shared mailbox. */
  claims(who: Step["who"]) {
    const email = who === "ada" ? this.shared : this.own.eve;
    return { sub: `${who}-${this.shared}`, email, email_verified: true };
  }

  async makePasskey(who: Step["who"], token: string | null, userId: string): Promise<void> {
    const { status, body } = await this.call("POST", "/api/passkeys/options", undefined, token);
    if (status !== 200) return;
    const device = softAuthenticator();
    const made = await this.call("POST", "/api/passkeys", { credential: device.create(body) }, token);
    if (made.status === 201 && who === "eve") this.passkeys.push({ device, userId });
  }

  /** Eve's second lock on an account whose address she has not proven. */
  async setUpApp(token: string | null): Promise<void> {
    const { body } = await this.call("POST", "/api/auth/totp", { password: this.passwords.eve }, token);
    if (!body?.secret) return;
    const app = new TOTP({ secret: Secret.fromBase32(body.secret) });
    const code = app.generate({ timestamp: api.clock.now().getTime() });
    await this.call("POST", "/api/auth/totp/confirm", { code }, token);
  }

  async connect(who: Step["who"], token: string): Promise<void> {
    rig.told.claims = this.claims(who);
    const { status, body: started } = await browser.startLink({ token });
    if (status === 200) await browser.link({ token }, started, await browser.visit(started.url));
  }

  /** A new account of Ada's has the shared address, which the provider has proven. */
  async enterByProvider(who: Step["who"]): Promise<void> {
    const before = await api.sql`select from api.identities where subject = ${this.claims(who).sub}`;
    const { status, body } = await browser.signIn(this.claims(who));
    if (status !== 200) return;
    this.tokens[who].push(body.access_token);
    if (who === "ada" && before.count === 0) {
      this.adas.add(body.user.id);
      this.home = body.user.id;
    }
  }

  /** Neither by a passkey nor by her account at the provider. */
  async eveHasNoKey(): Promise<void> {
    for (const { device, userId } of this.passkeys) {
      const { body: question } = await this.call("POST", "/api/signin/passkey/options");
      const { status, body } = await this.call("POST", "/api/signin/passkey", {
        credential: device.use(question, userId),
      });
      if (status === 200) expect(this.adas.has(body.user.id)).toBe(false);
    }
    const { status, body } = await browser.signIn(this.claims("eve"));
    if (status === 200) expect(this.adas.has(body.user.id)).toBe(false);
  }

  /** The newest mail with a link of a mailbox that this person reads. */
  async open(who: Step["who"]): Promise<void> {
    const boxes = who === "ada" ? [this.shared, this.own.ada] : [this.own.eve];
    for (const box of boxes) {
      const letter = this.mail.get(box)?.findLast(({ token }) => token !== null);
      if (!letter) continue;
      this.mail.set(box, this.mail.get(box)?.filter((one) => one !== letter) ?? []);
      const { user_id: id, token, kind } = letter;
      if (kind === "reset") {
        const body = { token, new_password: this.passwords[who] };
        const { status } = await this.call("POST", "/api/auth/reset", body);
        if (status === 204 && who === "ada") this.adas.add(id);
        if (status === 204 && box === this.shared) this.home = id;
        continue;
      }
      const { status } = await this.call("POST", "/api/auth/verify", { token });
      if (status !== 204) continue;
      if (box === this.shared && this.adas.has(id)) this.home = id;
      else if (id === this.home) this.home = null;
    }
  }

  /** Eve is in no account of Ada's, by no session and by no password. */
  async eveIsOutside(): Promise<void> {
    for (const token of this.tokens.eve) {
      const { status, body } = await this.call("GET", "/api/auth/me", undefined, token);
      if (status === 200) expect(this.adas.has(body.id)).toBe(false);
    }
    for (const email of [this.shared, this.own.ada, this.own.eve]) {
      const { status, body } = await this.call("POST", "/api/signin", { email, password: this.passwords.eve });
      if (status === 200) expect(this.adas.has(body.user.id)).toBe(false);
    }
  }

  /** Ada gets back in by her mailbox alone, and into the account in which she proved it. */
  async adaGetsIn(): Promise<void> {
    if (this.home === null) return;
    api.clock.advance(61 * minuteMs);
    this.mail.clear();
    await this.call("POST", "/api/auth/forgot", { email: this.shared });
    await this.deliver();
    const letter = this.mail.get(this.shared)?.findLast(({ kind }) => kind === "reset");
    expect(letter?.user_id).toBe(this.home);
    const set = await this.call("POST", "/api/auth/reset", { token: letter?.token, new_password: "ada is back again" });
    expect(set.status).toBe(204);
    const { body } = await this.call("POST", "/api/signin", { email: this.shared, password: "ada is back again" });
    expect(body.user.id).toBe(this.home);
  }
}

const any = fc.record({ who: fc.constantFrom("ada" as const, "eve" as const), act: fc.constantFrom(...acts) });
/** Most of what matters follows from mail that is asked for and read. */
const often = fc.constantFrom<Step>(
  { who: "ada", act: "open a link" },
  { who: "ada", act: "forget" },
  { who: "ada", act: "open a link" },
  { who: "eve", act: "sign up" },
  { who: "eve", act: "open a link" },
  { who: "eve", act: "make a passkey" },
  { who: "eve", act: "set up an app" },
  { who: "eve", act: "connect the provider" },
);
const steps = fc.array(fc.oneof({ arbitrary: any, weight: 2 }, { arbitrary: often, weight: 3 }), {
  minLength: 6,
  maxLength: 24,
});

test("G27: whatever two people do with one address, its reader gets back into the account, and the other never into it", async () => {
  let homes = 0;
  await fc.assert(
    fc.asyncProperty(steps, async (list) => {
      const world = new World();
      for (const step of list) {
        await world.do(step);
        await world.eveIsOutside();
      }
      if (world.home !== null) homes++;
      await world.adaGetsIn();
      await world.eveHasNoKey();
    }),
    { numRuns: 60 },
  );
  expect(homes).toBeGreaterThan(0);
}, 120_000);

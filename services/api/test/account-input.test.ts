import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { type Answered, type Harness, startApi } from "./harness.ts";

let api: Harness;
beforeAll(async () => {
  api = await startApi();
});
afterAll(() => api.close());

const good = "correct horse battery";
let people = 0;
const freshEmail = () => `input-${++people}@example.com`;
const signUp = (email: string, password = good): Promise<Answered> =>
  api.call("POST", "/api/signup", { body: { email, password } });
const signIn = (email: string, password = good): Promise<Answered> =>
  api.call("POST", "/api/signin", { body: { email, password } });
const errorsOf = ({ status, body }: Answered): unknown => [status, ...(body?.errors ?? [])];

describe("an address", () => {
  test("has no blanks at its ends, at sign-up, in the account, and at sign-in", async () => {
    const email = freshEmail();
    const made = await signUp(` \t${email}\u00a0`);
    expect(made).toMatchObject({ status: 201, body: { user: { email } } });
    for (const spelt of [email, `${email} `, ` ${email}\n`]) expect((await signIn(spelt)).status).toBe(200);
    expect((await signUp(`${email} `)).status).toBe(409);
  });

  test("may have a domain of any letters, and is one account however the domain is spelt", async () => {
    expect((await signUp("ada@münchen.example")).status).toBe(201);
    for (const spelt of ["ada@xn--mnchen-3ya.example", "ADA@MÜNCHEN.example", "ada@mu\u0308nchen.example"]) {
      expect((await signIn(spelt)).status).toBe(200);
      expect((await signUp(spelt)).status).toBe(409);
    }
  });

  test.each([
    "<a@b>",
    "a<b@c>",
    '"x"@y.example',
    "a@b@c.example",
    "a,b@example.com",
    "a b@example.com",
    "a@[127.0.0.1]",
  ])("%s is not an address that mail could be sent to", async (email) => {
    expect(errorsOf(await signUp(email))).toEqual([
      422,
      { pointer: "/email", detail: "must be an e-mail address such as ada@example.com" },
    ]);
    expect((await signIn(email)).status).toBe(401);
  });
});

describe("a password", () => {
  const bells = [..."🔔🎶⏰🌅☕🎵🌙⭐"];
  const ofBells = (count: number) => Array.from({ length: count }, (_, at) => bells[(at * at) % 8]).join("");

  test("has 8 to 256 characters as users count them, and is recognised", async () => {
    for (const password of [bells.join(""), ofBells(256)]) {
      const email = freshEmail();
      expect((await signUp(email, password)).status).toBe(201);
      expect((await signIn(email, password)).status).toBe(200);
    }
    expect(errorsOf(await signUp(freshEmail(), bells.slice(0, 7).join("")))).toEqual([
      422,
      { pointer: "/password", detail: "must have at least 8 characters" },
    ]);
    expect(errorsOf(await signUp(freshEmail(), ofBells(257)))).toEqual([
      422,
      { pointer: "/password", detail: "must have at most 256 characters, and has 257" },
    ]);
  });

  const reasons: [string, string][] = [
    ["password", "is one of the most used passwords; choose another one"],
    ["12345678", "is one of the most used passwords; choose another one"],
    ["aaaaaaaa", "repeats the same few characters; choose another one"],
    ["Carillon1!", "must not be the name of this product; choose another one"],
    ["guarded-address", "must not be your own e-mail address; choose another one"],
    ["        ", "must not be empty"],
  ];

  test.each(reasons)("%j is refused at sign-up and says why", async (password, detail) => {
    expect(errorsOf(await signUp("guarded-address@example.com", password))).toEqual([
      422,
      { pointer: "/password", detail },
    ]);
  });

  test("has the same rules when it is changed", async () => {
    const { body } = await signUp("guarded-address@example.com");
    const token = body.access_token;
    for (const [password, detail] of reasons) {
      const change = { current_password: good, new_password: password };
      const refused = await api.call("POST", "/api/auth/password", { token, body: change });
      expect(errorsOf(refused)).toEqual([422, { pointer: "/new_password", detail }]);
    }
    expect((await signIn("guarded-address@example.com")).status).toBe(200);
  });
});

import { expect } from "bun:test";
import type { Letter } from "@carillon/contracts/http/letters";
import { appTokenHeader } from "@carillon/contracts/names";
import { appToken, type Harness, type Person } from "./harness.ts";

export const password = "correct horse battery";
export const inside = { [appTokenHeader]: appToken };

/** What tests of addresses ask of api; `name` begins the addresses they make. */
export function addressesOf(harness: () => Harness, name: string) {
  let people = 0;
  const post = (path: string, options: object) => harness().call("POST", path, options);
  const take = async (): Promise<Letter[]> =>
    (await post("/internal/letters/take", { headers: inside, body: { goes_out: true } })).body.letters;
  const verify = (token: string) => post("/api/auth/verify", { body: { token } });
  /** The last parts of the links that were mailed to an address since the last look. */
  const linksTo = async (email: string): Promise<string[]> =>
    (await take()).filter((letter) => letter.email === email).flatMap(({ token }) => token ?? []);

  return {
    take,
    verify,
    linksTo,
    freshEmail: () => `${name}-${++people}@example.com`,
    change: ({ token }: Person, new_email: string, given = password) =>
      post("/api/auth/email", { token, body: { new_email, password: given } }),
    me: async ({ token }: Person) => (await harness().call("GET", "/api/auth/me", { token })).body,
    signIn: (email: string, given = password) => post("/api/signin", { body: { email, password: given } }),
    async proven(fields: Record<string, unknown> = {}): Promise<Person> {
      const person = await harness().signUp(fields);
      const [link = ""] = await linksTo(person.email);
      expect((await verify(link)).status).toBe(204);
      return person;
    },
  };
}

import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { bothWorlds, type Matrix, openMatrix } from "./isolation/ask.ts";
import { cases } from "./isolation/cases.ts";
import { exempt } from "./isolation/exempt.ts";
import { clear, giveTwins, rowsOf } from "./isolation/twins.ts";

let matrix: Matrix;
beforeAll(async () => {
  matrix = await openMatrix();
});
afterAll(() => matrix.api.close());

test("every route of api that reaches a user's rows is in the matrix, or says why not", () => {
  const routes = [...matrix.api.app.routes, ...matrix.api.internal.routes]
    .map(({ method, path }) => `${method} ${path}`)
    .filter((route) => /^\S+ \/(api|internal)\//.test(route));
  const named = [...Object.keys(cases), ...Object.keys(exempt)];
  expect(routes.filter((route) => !named.includes(route))).toEqual([]);
});

describe("G18: another user with the very same ids changes nothing, is not changed, and is not seen:", () => {
  for (const [route, list] of Object.entries(cases)) {
    for (const [at, one] of list.entries()) {
      test(`${route} (${at + 1})`, async () => {
        const { before: _, after: __, ...alone } = await matrix.ask(one, "alone");
        expect(alone.status).toBe(one.status);
        for (const world of one.worlds ?? bothWorlds) {
          const { before, after, ...beside } = await matrix.ask(one, world);
          expect(beside).toEqual(alone);
          expect(after).toBe(before);
        }
      });
    }
  }
});

const bodies: Record<string, unknown> = {
  "PUT /api/tasks/:id": { title: "mine now" },
  "PATCH /api/tasks/:id": { title: "mine now" },
  "POST /api/tasks/:id/snooze": { minutes: 15 },
  "PUT /api/tags/:id": { name: "mine now" },
};
const noIds = ["export1", "%00", "..%2fx", "null", "x".repeat(200)];

describe("G18: another user's ids open nothing:", () => {
  for (const route of Object.keys(cases).filter((route) => /\/api\/.*:id/.test(route))) {
    test(`${route} of another user is as unknown as one that never existed`, async () => {
      const { api, rows, ids } = matrix;
      const [method = "", path = ""] = route.split(" ");
      await clear(api.sql);
      const ada = await api.signUp();
      const eve = await api.signUp();
      await giveTwins(api.sql, ada.user.id, rows, { asOther: false });
      const before = JSON.stringify(await rowsOf(api.sql, ada.user.id));
      const ask = async (id: string) => {
        const { status, body } = await api.call(method, path.replace(":id", id), {
          token: eve.token,
          body: bodies[route],
        });
        const { instance: _, trace_id: __, ...rest } = body;
        return { status, ...rest };
      };
      const unknown = await ask("018f0000-0000-7000-8000-000000000000");
      expect(unknown.status).toBe(404);
      for (const id of [...Object.values(ids), ada.user.id, ...noIds]) expect(await ask(id)).toEqual(unknown);
      expect(JSON.stringify(await rowsOf(api.sql, ada.user.id))).toBe(before);
    });
  }
});

import { expect, test } from "bun:test";
import { currentZones, zoneRelease } from "@carillon/calendar/zone";
import { silentLog } from "../observe/log.ts";
import { followZones } from "./follow-zones.ts";

const newer = currentZones().text.replace(/^# version \S+/, "# version 2098a");

/** Follows until `answer` has been called once. */
async function follow(answer: () => Response): Promise<string> {
  const asked = Promise.withResolvers<string>();
  const loop = followZones({
    service: "recurring",
    log: silentLog,
    ask: async (request) => {
      asked.resolve(request.url);
      return answer();
    },
  });
  loop.start();
  const url = await asked.promise;
  await loop.stop();
  return url;
}

test("while api is away, rejects, has no newer ones or sends invalid data, the rules stay", async () => {
  const before = zoneRelease();
  const answers = [
    () => {
      throw new Error("connection refused");
    },
    () => new Response(null, { status: 204 }),
    () => new Response("{}", { status: 401 }),
    () => new Response("<html>", { status: 200 }),
    () => new Response(newer.replace("2098a", "2001a"), { status: 200 }),
  ];
  for (const answer of answers) {
    expect(await follow(answer)).toContain(`newer_than=${before}`);
    expect(zoneRelease()).toBe(before);
  }
});

test("newer rules of api are in force at once", async () => {
  await follow(() => new Response(newer, { status: 200 }));
  expect(zoneRelease()).toBe("2098a");
});

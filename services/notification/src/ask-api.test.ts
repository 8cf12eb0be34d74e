import { expect, test } from "bun:test";
import { currentZones, zoneRelease } from "@carillon/calendar/zone";
import { askApi } from "./ask-api.ts";

test("before a mail is worded the zone rules are those that api computed its instants by", async () => {
  const newer = currentZones().text.replace(/^# version \S+/, "# version 2098b");
  const claims = { reminders: [], zones: "2098b" };
  const asked: string[] = [];
  const api = askApi({
    async call(_service, request) {
      const { pathname } = new URL(request.url);
      asked.push(pathname);
      return pathname === "/internal/zones" ? new Response(newer) : Response.json(claims);
    },
  });
  await api.claim([]);
  expect(zoneRelease()).toBe("2098b");
  await api.claim([]);
  expect(asked).toEqual(["/internal/reminders/claim", "/internal/zones", "/internal/reminders/claim"]);
});

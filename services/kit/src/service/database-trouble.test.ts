import { expect, test } from "bun:test";
import { createLog } from "../observe/log.ts";
import { createService } from "./service.ts";

const failure = (code: string) => Object.assign(new Error("no"), { code });

function door(thrown: Error) {
  const levels: string[] = [];
  const log = createLog({ service: "api", level: "warn", write: (line) => void levels.push(JSON.parse(line).level) });
  const app = createService({ name: "api", log, appToken: "token" }).get("/work", () => {
    throw thrown;
  });
  return { levels, ask: async () => app.handle(new Request("http://localhost/work")) };
}

test.each([
  "53100",
  "53300",
  "57014",
  "57P03",
  "40P01",
  "40001",
  "08006",
  "25006",
  "ENOTFOUND",
  "ECONNABORTED",
  "ETIMEDOUT",
])("G23: %s is answered with 503 and Retry-After, and is not an error in the log", async (code) => {
  const { levels, ask } = door(failure(code));
  const answer = await ask();
  expect([answer.status, Number(answer.headers.get("retry-after")) > 0]).toEqual([503, true]);
  expect(levels).toEqual(["warn"]);
});

test("a wrong statement is a defect: 500, and an error in the log", async () => {
  const { levels, ask } = door(failure("42601"));
  expect((await ask()).status).toBe(500);
  expect(levels).toEqual(["error"]);
});

import { expect, test } from "bun:test";
import { Hub } from "./hub.ts";

test("G25: ten thousand ended sessions are remembered; the one that ended first is evicted", () => {
  const hub = new Hub({ limits: { perUser: 1, total: 1 }, onClose: () => {} });
  const admit = (session: number) => () => hub.admit({ userId: "ada", sessionId: String(session) });
  for (let session = 0; session <= 10_000; session++) hub.endSession(String(session));
  expect(admit(0)).not.toThrow();
  expect(admit(1)).toThrow("Sign in");
  expect(admit(10_000)).toThrow("Sign in");
});

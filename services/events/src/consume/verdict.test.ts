import { expect, test } from "bun:test";
import { currentTrace } from "@carillon/kit/observe";
import { eventOf } from "@carillon/testing/events";
import { done, oneByOne } from "./verdict.ts";

test("each event is handled within its own trace", async () => {
  const ids = ["4bf92f3577b34da6a3ce929d0e0e4736", "0af7651916cd43dd8448eb211c80319c"];
  const seen: (string | undefined)[] = [];
  const handle = oneByOne(async () => {
    seen.push(currentTrace()?.traceId);
    return done;
  });
  await handle(ids.map((id) => eventOf(crypto.randomUUID(), 1, { traceparent: `00-${id}-00f067aa0ba902b7-01` })));
  expect(seen).toEqual(ids);
});

test("events behind a throw of the same user are not even tried", async () => {
  const user = crypto.randomUUID();
  const tried: number[] = [];
  const handle = oneByOne<{ change_seq: number }>(async ({ data }) => {
    tried.push(data.change_seq);
    if (data.change_seq === 1) throw new Error("no");
    return done;
  });
  const verdicts = await handle([eventOf(user, 1), eventOf(user, 2)]);
  expect(tried).toEqual([1]);
  expect(verdicts.map(({ kind }) => kind)).toEqual(["retry", "retry"]);
});

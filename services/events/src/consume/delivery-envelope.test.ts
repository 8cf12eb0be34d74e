import { expect, test } from "bun:test";
import { entriesOf } from "./delivery-envelope.ts";

test("a bulk envelope gives its entries in order", () => {
  const text = JSON.stringify({
    id: "b",
    topic: "t",
    entries: [
      { entryId: "1", event: { id: "x" } },
      { entryId: "2", event: '{"id":"y"}' },
    ],
  });
  expect(entriesOf(text)).toEqual({
    bulk: true,
    carrierCounts: false,
    entries: [
      { entryId: "1", raw: { id: "x" } },
      { entryId: "2", raw: { id: "y" } },
    ],
  });
});

test("a bare CloudEvent is one entry", () => {
  expect(entriesOf('{"id":"x"}')).toEqual({
    bulk: false,
    entries: [{ entryId: null, raw: { id: "x" } }],
    carrierCounts: false,
  });
});

test.each(["", "{", "null", "[]", "7", '{"entries":7}'])("%p is not a delivery", (text) => {
  expect(entriesOf(text)).toBeNull();
});

test("malformed entries are kept, so that each gets its answer", () => {
  expect(entriesOf('{"entries":[null,{"entryId":"1","event":"{"}]}')).toEqual({
    bulk: true,
    carrierCounts: false,
    entries: [
      { entryId: "", raw: null },
      { entryId: "1", raw: null },
    ],
  });
});

test("only an envelope that says so comes from a carrier that counts tries", () => {
  const counted = (metadata: unknown) => entriesOf(JSON.stringify({ metadata, entries: [] }))?.carrierCounts;
  expect([{ tries: "counted" }, { pubsubName: "kafka-pubsub" }, null].map(counted)).toEqual([true, false, false]);
});

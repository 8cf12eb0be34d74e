import { expect, test } from "bun:test";
import { eventOf } from "@carillon/testing/events";
import { decodeEvent } from "./decode-event.ts";

const user = "0199a8c2-7f3e-7b61-9d4c-3a5e8f102b77";
const event = eventOf(user, 1);
const reasonOf = (raw: unknown): string => {
  const decoded = decodeEvent("task-events", raw);
  return decoded.kind === "event" ? "none" : decoded.reason;
};

test("an event of the topic is decoded, with fields unknown here", () => {
  const newer = { ...event, pubsubname: "kafka-pubsub", data: { ...event.data, mood: "fine" } };
  expect(decodeEvent("task-events", newer)).toEqual({ kind: "event", event: newer });
});

test.each([
  ["no object", null, "the event"],
  ["a list", [event], "the event"],
  ["another version of CloudEvents", { ...event, specversion: "2.0" }, "/specversion"],
  ["no number of change", { ...event, data: { ...event.data, change_seq: "1" } }, "/data/change_seq"],
  ["no user", { ...event, data: { ...event.data, user_id: "not an id" } }, "/data/user_id"],
  ["no id of ours", { ...event, id: "1" }, "/id"],
  ["a type of another topic", { ...event, type: "session.revoked" }, "/type"],
  ["an unknown type", { ...event, type: "task.exploded" }, "/type"],
  ["an unknown version", { ...event, dataschema: "urn:carillon:event:task.updated/v2" }, "/dataschema"],
  ["another user's key", { ...event, partitionkey: crypto.randomUUID() }, "/partitionkey"],
])("an event with %s is undecodable, and the reason names the place", (_, raw, place) => {
  expect(reasonOf(raw)).toStartWith(place);
});

test("a reason never repeats the input", () => {
  expect(reasonOf({ ...event, data: { ...event.data, actor: "hunter2" } })).not.toContain("hunter2");
});

import { expect, test } from "bun:test";
import { countFilters, listPath, noFilters, readListAddress } from "./list-address.ts";

const read = (path: string) => readListAddress(new URL(path, "http://localhost"));

test.each([
  "/today",
  "/upcoming?rows=150",
  "/trash?cursor=abc",
  "/all?search=a+%26+b&status=any&priority=low&priority=urgent&tag=home&tag=caf%C3%A9&overdue=1&sort=-updated_at&cursor=x%3D&rows=500",
])("%s is its own shortest form", (path) => {
  const address = read(path);
  expect(address && listPath(address)).toBe(path);
});

test.each([
  ["/all?status=pending&sort=&search=&tag=&priority=&rows=50", "/all"],
  ["/all?status=odd&sort=odd&priority=odd&rows=-3", "/all"],
  ["/all?rows=100000", "/all?rows=500"],
  ["/all?priority=urgent&priority=low&tag=a&tag=a", "/all?priority=low&priority=urgent&tag=a"],
  ["/today?search=x&sort=title", "/today"],
])("%s means %s", (path, shortest) => {
  const address = read(path);
  expect(address && listPath(address)).toBe(shortest);
});

test("a change of filters goes back to the first row", () => {
  const address = read("/all?search=x&cursor=abc&rows=200");
  expect(address && listPath(address, { overdue: true })).toBe("/all?search=x&overdue=1");
  expect(address && listPath(address, noFilters)).toBe("/all");
});

test("a path without a list has no address", () => {
  for (const path of ["/", "/tasks", "/all/x", "/Today"]) expect(read(path)).toBeNull();
});

test("the order does not count as a filter", () => {
  expect(countFilters({ ...noFilters, sort: "title" })).toBe(0);
  expect(
    countFilters({ ...noFilters, status: "any", priorities: ["low", "high"], tags: ["a"], overdue: true, search: "x" }),
  ).toBe(6);
});

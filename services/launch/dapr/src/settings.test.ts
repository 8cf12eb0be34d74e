import { expect, test } from "bun:test";
import { services } from "@carillon/contracts/names";
import { readSettings } from "./settings.ts";

test("every process has ports of its own", () => {
  const { ports } = readSettings({});
  const all = [...services.map(ports.of), ...services.map(ports.inside), ...ports.all.map(({ port }) => port)];
  expect(new Set(all).size).toBe(all.length);
});

test("sidecars' ports follow SIDECAR_PORT, four for each", () => {
  const { ports } = readSettings({ SIDECAR_PORT: "22100" });
  expect(ports.sidecar("api")).toEqual({ http: 22_100, grpc: 22_101, internal: 22_102, metrics: 22_103 });
  expect(ports.sidecar("notification").http).toBe(22_104);
});

test("a port given twice is rejected by name", () => {
  expect(() => readSettings({ ZIPKIN_PORT: "8000" })).toThrow(
    "ZIPKIN_PORT needs port 8000, which API_PORT already uses; give each its own.",
  );
  expect(() => readSettings({ WEB_PORT: "3510" })).toThrow("SIDECAR_PORT needs port 3510, which WEB_PORT already uses");
});

test("the product is found at web's port unless PUBLIC_URL says otherwise", () => {
  expect(readSettings({ WEB_PORT: "3100" }).publicUrl.href).toBe("http://localhost:3100/");
  expect(readSettings({ PUBLIC_URL: "https://bells.example" }).publicUrl.href).toBe("https://bells.example/");
});

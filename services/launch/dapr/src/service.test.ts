import { expect, test } from "bun:test";
import { type ServiceName, services } from "@carillon/contracts/names";
import { environmentOf } from "./service.ts";
import { readSettings } from "./settings.ts";

const secrets = {
  JWT_SECRET: "a-secret-of-the-tests-that-is-long-enough",
  AUDIT_KEY: "a-key-of-the-tests-that-seals-histories",
  OPENAI_API_KEY: "key",
  RESEND_API_KEY: "key",
  SMTP_PASSWORD: "password",
  VAPID_PRIVATE_KEY: "a key of the tests",
};

const of = (service: ServiceName, environment: Record<string, string> = {}, zipkinUrl: string | null = null) =>
  environmentOf({
    service,
    settings: readSettings({ ...environment, SIDECAR_PORT: "22100" }),
    dataDir: "/data",
    brokers: "127.0.0.1:9092",
    tokens: { app: "app-token", dapr: "dapr-token", jwt: "jwt-secret", audit: "audit-key" },
    urlOf: (schema) => `postgres://carillon_${schema}@127.0.0.1/carillon`,
    zipkinUrl,
    environment,
  });

test("a secret reaches only the service that needs it", () => {
  const holders = (name: string) => services.filter((service) => of(service, secrets)[name] !== undefined);
  expect(holders("JWT_SECRET")).toEqual(["api"]);
  expect(holders("AUDIT_KEY")).toEqual(["audit"]);
  expect(holders("OPENAI_API_KEY")).toEqual(["api"]);
  expect(holders("RESEND_API_KEY")).toEqual(["notification"]);
  expect(holders("SMTP_PASSWORD")).toEqual(["notification"]);
  expect(holders("VAPID_PRIVATE_KEY")).toEqual(["notification"]);
});

test("a service logs in to the database as its own role, and one without a schema does not", () => {
  const given = { DATABASE_URL: "postgres://owner@127.0.0.1/other" };
  expect(of("audit").DATABASE_URL).toBe("postgres://carillon_audit@127.0.0.1/carillon");
  for (const service of ["web", "recurring", "realtime"] as const) {
    expect(of(service, given)).not.toHaveProperty("DATABASE_URL");
  }
});

test("a service with a sidecar knows its port and its token; web knows neither", () => {
  expect(of("api")).toMatchObject({
    DAPR_HTTP_PORT: "22100",
    DAPR_API_TOKEN: "dapr-token",
    APP_API_TOKEN: "app-token",
  });
  expect(of("web", { DAPR_API_TOKEN: "a token of my own" })).not.toHaveProperty("DAPR_API_TOKEN");
  expect(of("web")).not.toHaveProperty("DAPR_HTTP_PORT");
});

test("only ops knows where the broker is", () => {
  expect(services.filter((service) => of(service).KAFKA_BROKERS !== undefined)).toEqual(["ops"]);
});

test("spans go to the started Zipkin, or where the caller says", () => {
  const zipkin = "http://127.0.0.1:9411";
  expect(of("api", {}, zipkin).OTEL_EXPORTER_ZIPKIN_ENDPOINT).toBe(`${zipkin}/api/v2/spans`);
  const elsewhere = of("api", { OTEL_EXPORTER_OTLP_ENDPOINT: "http://collector:4318" }, zipkin);
  expect(elsewhere).not.toHaveProperty("OTEL_TRACES_EXPORTER");
});

import { expect } from "bun:test";
import { startProduct } from "../../src/product.ts";
import { testIn } from "../../src/test-in.ts";

const paths = ["/health/live", "/health", "/nowhere", "/internal/nowhere", "/api/tasks", "/stream", "/today", "/docs"];
const everywhere = [
  "cache-control",
  "content-security-policy",
  "cross-origin-resource-policy",
  "referrer-policy",
  "x-content-type-options",
  "x-frame-options",
];

testIn(
  "embedded",
  "there the public address is a setting of the whole run",
  "S9: every service protects every answer, and over https public ones keep browsers on it",
  async () => {
    const product = await startProduct({ env: { PUBLIC_URL: "https://carillon.example" } });
    try {
      const { web, api, realtime, audit } = product;
      for (const [name, address] of Object.entries({ web, api, realtime, audit })) {
        for (const path of paths) {
          const { status, headers, body } = await fetch(`${address}${path}`, { redirect: "manual" });
          await body?.cancel();
          const missing = everywhere.filter((header) => !headers.has(header));
          expect({ name, path, status, missing }).toEqual({ name, path, status, missing: [] });
          if (["web", "api", "realtime"].includes(name))
            expect({ name, path, hsts: headers.get("strict-transport-security") }).toEqual({
              name,
              path,
              hsts: "max-age=31536000",
            });
        }
      }
      const account = {
        email: "ada@example.com",
        password: "a long horse of 7 staples",
        name: "Ada",
        time_zone: "UTC",
      };
      const signedUp = await fetch(`${web}/sign-up`, {
        method: "POST",
        redirect: "manual",
        headers: { origin: "https://carillon.example", "content-type": "application/x-www-form-urlencoded" },
        body: new URLSearchParams(account),
      });
      const session = signedUp.headers.getSetCookie().find((line) => line.startsWith("__Host-carillon_session="));
      expect(session).toMatch(/^__Host-carillon_session=\S+; Path=\/; Max-Age=\d+; HttpOnly; SameSite=Lax; Secure$/);
    } finally {
      await product.dispose();
    }
  },
);

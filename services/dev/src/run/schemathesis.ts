/**
 * Runs schemathesis (PyPI) over the running product's /openapi.json as a signed-in user: no 5xx and no
 * answer outside the description. `SCHEMATHESIS` names the program. Ends with the plain line `N
 * passed, N failed`.
 */
import { signUp } from "@carillon/e2e/client";
import { startProduct } from "@carillon/e2e/product";

const program = process.env.SCHEMATHESIS ?? "schemathesis";
const checks = [
  "not_a_server_error",
  "status_code_conformance",
  "content_type_conformance",
  "response_headers_conformance",
  "response_schema_conformance",
];
/** Calls that end the credential the run depends on. */
const endsTheRun = ["/api/logout", "/api/auth/password", "/api/sessions/{id}"];

const product = await startProduct({ env: { LOG_LEVEL: "error" } });
let code = 1;
try {
  const person = await signUp(product.api, "schemathesis");
  const run = Bun.spawn(
    [
      program,
      "run",
      `${product.api}/openapi.json`,
      "--url",
      product.api,
      "--header",
      `Authorization: Bearer ${person.token}`,
      "--checks",
      checks.join(","),
      "--phases",
      "examples,coverage,fuzzing",
      "--max-examples",
      process.env.SCHEMATHESIS_EXAMPLES ?? "30",
      "--continue-on-failure",
      "--seed",
      "20261121",
      "--request-timeout",
      "10",
      "--warnings",
      "off",
      ...endsTheRun.flatMap((path) => ["--exclude-path", path]),
    ],
    { stdout: "inherit", stderr: "inherit", env: { ...process.env, NO_COLOR: "1" } },
  );
  code = await run.exited;
  const alive = await person.call("GET", "/api/auth/me");
  if (alive.status !== 200) {
    process.stdout.write(`The credential did not survive the run (${alive.status}): what followed tested nothing.\n`);
    code = 1;
  }
} finally {
  await product.dispose();
}
process.stdout.write(code === 0 ? "1 passed, 0 failed\n" : "0 passed, 1 failed\n");
process.exit(code === 0 ? 0 : 1);

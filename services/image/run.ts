/**
 * `npm run e2e:image`: every image from services/Dockerfile, and what runs in them: no process is root, nothing can be written, the database is made
 * and migrated by them, each answers health, and ends well when asked to. Needs buildah, and Debian's packages for base images of this
 * machine's own (no registry is asked); runc or crun, else chroot as the same user with the same read-only root. IMAGE_SERVICES narrows it
 * (a comma between several). Ends with `N passed, N failed`.
 */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { defaultPorts, type ServiceName, services } from "@carillon/contracts/names";
import { freeBlock } from "@carillon/e2e/free-block";
import { startEmbeddedPostgres } from "@carillon/host/postgres";
import { at, listAt, textAt } from "@carillon/kustomize/files";
import { until } from "@carillon/testing/until";
import { mustRun } from "./src/command.ts";
import { type Container, findRuntime, start, type Unpacked, unpack } from "./src/containers.ts";
import { beginRequest } from "./src/draining.ts";
import { makeStandIns } from "./src/stand-ins.ts";

const root = resolve(import.meta.dir, "../..");
const say = (line: string): void => void process.stdout.write(`${line}\n`);
const tally = { passed: 0, failed: 0 };
const limitMiB = 90;

async function step(name: string, body: () => Promise<string> | string): Promise<void> {
  try {
    const found = await body();
    say(`ok   ${name}${found && `: ${found}`}`);
    tally.passed += 1;
  } catch (error) {
    say(`FAIL ${name}\n     ${error instanceof Error ? error.message : String(error)}`);
    tally.failed += 1;
  }
}

function demand(holds: boolean, otherwise: string): void {
  if (!holds) throw new Error(otherwise);
}

const chosen = services.filter((name) => (process.env.IMAGE_SERVICES ?? services.join(",")).split(",").includes(name));
if (Bun.which("buildah") === null) {
  say("buildah is not installed.\n\n0 passed, 1 failed");
  process.exit(1);
}
const folder = mkdtempSync(join(tmpdir(), "carillon-image-"));
const storage = ["--root", join(folder, "store"), "--runroot", join(folder, "run")];
// Overlay layers where the file system supports them; else each one whole, which takes space and
// time.
const probe = ["--storage-driver", "overlay", "--root", join(folder, "probe"), "--runroot", join(folder, "probe-run")];
const canOverlay = Bun.spawnSync(["buildah", ...probe, "from", "scratch"]).exitCode === 0;
const buildah = ["buildah", "--storage-driver", canOverlay ? "overlay" : "vfs", ...storage];
const running: Container[] = [];

async function build(): Promise<Map<ServiceName, Unpacked>> {
  const bases = makeStandIns(buildah, folder);
  const options = Object.entries(bases).flatMap(([name, image]) => ["--build-arg", `${name}=${image}`]);
  const images = new Map<ServiceName, Unpacked>();
  for (const service of chosen) {
    await step(`${service} builds`, () => {
      const image = `localhost/carillon/${service}`;
      const own = ["--build-arg", `SERVICE=${service}`, "--file", join(root, "services/Dockerfile"), "--tag", image];
      // The first builds all programs; the others reuse them.
      mustRun([...buildah, "bud", "--layers", "--isolation", "chroot", "--network", "host", ...options, ...own, root]);
      const unpacked = unpack(buildah, image);
      images.set(service, unpacked);
      demand(unpacked.user === "10001:10001", `It runs as "${unpacked.user}".`);
      const title = textAt(unpacked.labels, "org.opencontainers.image.title");
      demand(title === `carillon/${service}`, `Its title is "${title}".`);
      return `as ${unpacked.user}`;
    });
  }
  return images;
}

/** As pulled: the compressed layers of an image, in MiB; and those that only this image has. */
function sizes(service: ServiceName): { all: number; own: number } {
  const target = join(folder, "oci");
  mustRun([...buildah, "push", "-q", `localhost/carillon/${service}`, `oci:${target}:${service}`]);
  const index: unknown = JSON.parse(mustRun(["cat", join(target, "index.json")]));
  const digest = textAt(listAt(index, "manifests").at(-1), "digest").replace("sha256:", "");
  const manifest: unknown = JSON.parse(mustRun(["cat", join(target, "blobs/sha256", digest)]));
  const layers = listAt(manifest, "layers").map((layer) => Number(at(layer, "size")) / 1024 / 1024);
  return { all: layers.reduce((sum, size) => sum + size, 0), own: layers.at(-1) ?? 0 };
}

const admin = await startEmbeddedPostgres({
  folder: join(folder, "postgres"),
  password: crypto.randomUUID(),
  durable: false,
});
const token = crypto.randomUUID();

/** The environment kustomize gives a service, with addresses of this machine. */
function variablesOf(service: ServiceName, port: number): Record<string, string> {
  const roles = ["owner", "api", "audit", "notification", "state", "ops"];
  const urls = roles.map((name) => [`${name.toUpperCase()}_DATABASE_URL`, urlOf(name)]);
  return {
    HOST: "127.0.0.1",
    [`${service.toUpperCase()}_PORT`]: String(port),
    // Any free one: only the public port is used here.
    [`${service.toUpperCase()}_INTERNAL_PORT`]: "0",
    APP_API_TOKEN: token,
    DAPR_API_TOKEN: token,
    JWT_SECRET: token,
    AUDIT_KEY: token,
    DATABASE_URL: urlOf(service),
    DATA_DIR: "/tmp",
    KAFKA_BROKERS: "127.0.0.1:1",
    LOG_LEVEL: "info",
    ADMIN_DATABASE_URL: admin.urlOf("postgres"),
    ...Object.fromEntries(urls),
  };
}

function urlOf(name: string): string {
  const url = new URL(admin.urlOf("postgres"));
  url.username = `carillon_${name}`;
  url.password = "of-this-run-alone";
  return url.href;
}

/** Answers of a running service that only its image can give: files beside the program. */
const files: Partial<Record<ServiceName, readonly string[]>> = {
  api: [
    "/docs",
    "/redoc",
    "/docs/assets/swagger-ui.css",
    "/docs/assets/swagger-ui-bundle.js",
    "/docs/assets/redoc.standalone.js",
  ],
  web: ["/sign-in", "/favicon.ico"],
};

async function tryService(service: ServiceName, image: Unpacked, port: number, run: typeof startIn): Promise<string> {
  const startedAt = performance.now();
  const container = run(image, { variables: variablesOf(service, port), words: service === "ops" ? ["serve"] : [] });
  const address = `http://127.0.0.1:${port}`;
  await until(
    `${service} to answer health`,
    async () => {
      if (container.child.exitCode !== null) throw new Error(`It ended: ${await container.output()}`);
      return fetch(`${address}/health/live`).then(
        ({ ok }) => ok,
        () => false,
      );
    },
    30_000,
  );
  const tookMs = Math.round(performance.now() - startedAt);
  for (const path of files[service] ?? []) {
    const answer = await fetch(address + path);
    demand(answer.status === 200 && (await answer.arrayBuffer()).byteLength > 100, `${path} answers ${answer.status}.`);
  }
  const drained = service === "api" ? await drain(container, port) : "";
  if (drained === "") container.child.kill("SIGTERM");
  const code = await Promise.race([container.child.exited, Bun.sleep(25_000).then(() => "nothing in 25 s")]);
  demand(code === 0, `Asked to stop it ends with ${code}: ${(await container.output()).slice(-500)}`);
  return `healthy after ${tookMs} ms, ends with 0${drained}`;
}

/** Asked to stop while a request is under way: that one is answered. */
async function drain(container: Container, port: number): Promise<string> {
  const body = JSON.stringify({
    email: "drain@example.com",
    password: "correct horse battery staple",
    name: "Drain",
    time_zone: "UTC",
  });
  const request = await beginRequest(port, "/api/signup", body);
  await Bun.sleep(300);
  container.child.kill("SIGTERM");
  await Bun.sleep(300);
  const line = await request.finish();
  demand(line.startsWith("HTTP/1.1 201 "), `The request under way got "${line}".`);
  return `, after the request under way was answered`;
}

let startIn: (
  image: Unpacked,
  options: { words?: string[]; program?: string[]; variables?: Record<string, string> },
) => Container;

async function runToEnd(image: Unpacked, words: string[], variables: Record<string, string>): Promise<string> {
  const container = startIn(image, { words, variables });
  const code = await container.child.exited;
  const output = (await container.output()).trim();
  demand(code === 0, `It ends with ${code}: ${output}`);
  return output.split("\n").at(-1) ?? "";
}

const hostile = `const fs = require("node:fs"); const tried = ["/app/x", "/etc/x", "/x"].map((file) => {
  try { fs.writeFileSync(file, "x"); return "written"; } catch (error) { return error.code; } });
  fs.writeFileSync("/tmp/x", "x"); console.log(process.getuid(), process.getgid(), tried.join(" "));`;

async function tryAll(images: Map<ServiceName, Unpacked>): Promise<void> {
  const [first] = images.values();
  if (!first) return;
  const runtime = findRuntime(first, folder);
  say(`     runs as ${runtime.said}`);
  startIn = (image, options) => {
    const container = start(runtime, image, { folder, ...options });
    running.push(container);
    return container;
  };
  await step("the process is not root, and only /tmp can be written", async () => {
    const container = startIn(first, { program: ["/usr/local/bin/bun", "-e", hostile] });
    const said = (await container.output()).trim();
    demand(said === "10001 10001 EROFS EROFS EROFS", `It says: ${said}`);
    return said;
  });
  const ops = images.get("ops");
  if (ops)
    await step("ops makes roles and schemas", () => runToEnd(ops, ["database", "provision"], variablesOf("ops", 0)));
  const ports = await freeBlock(services.length);
  for (const [at, [service, image]] of [...images].entries()) {
    if (["api", "audit", "notification"].includes(service)) {
      await step(`${service} migrates its schema`, () => {
        const asOwner = { ...variablesOf(service, 0), DATABASE_URL: urlOf("owner") };
        return runToEnd(image, ["migrate"], asOwner);
      });
    }
    await step(`${service} runs`, () => tryService(service, image, ports[at] ?? defaultPorts[service], startIn));
    await step(`${service} is small`, () => {
      const { all, own } = sizes(service);
      demand(all < limitMiB, `${all.toFixed(1)} MiB compressed; ${limitMiB} are allowed.`);
      return `${all.toFixed(1)} MiB compressed, ${own.toFixed(2)} of them its own`;
    });
  }
}

async function end(): Promise<never> {
  for (const { child } of running) child.kill("SIGKILL");
  await admin.stop();
  Bun.spawnSync([...buildah, "rm", "--all"]);
  rmSync(folder, { recursive: true, force: true });
  say(`\n${tally.passed} passed, ${tally.failed} failed`);
  process.exit(tally.failed === 0 ? 0 : 1);
}
process.once("SIGTERM", () => {
  tally.failed += 1;
  end().catch(() => process.exit(1));
});

try {
  await tryAll(await build());
} catch (error) {
  say(`FAIL ${error instanceof Error ? error.message : String(error)}`);
  tally.failed += 1;
}
await end();

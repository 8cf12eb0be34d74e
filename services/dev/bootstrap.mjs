// What every script of package.json runs: on a machine with nothing but Node it fetches the pinned
// Bun and the packages, then hands over. No dependency, and nothing newer than Node 20.11: it runs
// before anything is installed (Bun itself runs it too).
import { spawn, spawnSync } from "node:child_process";
import {
  accessSync,
  constants,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { homedir } from "node:os";
import { basename, delimiter, dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";

const bunVersion = "1.4.5";
const root = resolve(dirname(fileURLToPath(import.meta.url)), "..", "..");
const tools = join(root, ".tools");
const installLock = join(tools, "installing");
const embedded = "services/launch/embedded/src";
const dev = "services/dev/src";
const commands = {
  start: [`${embedded}/main.ts`],
  dev: ["--watch", "--no-clear-screen", `${embedded}/main.ts`],
  // A developer's .env is for the product they run, never for the tests.
  test: ["--no-env-file", `${dev}/run/tests.ts`],
  check: [`${dev}/check.ts`],
  gen: [`${dev}/gen.ts`],
  build: [`${dev}/build.ts`],
  ops: ["services/ops/src/main.ts"],
  carillon: ["services/cli/src/main.ts"],
  mcp: ["services/cli/src/main.ts", "mcp"],
  "conformance:mcp": ["services/api/test/assistant/conformance/conformance.ts"],
  "db:new": [`${dev}/db-new.ts`],
  "db:down": [`${embedded}/db-down.ts`],
  "up:dapr": ["services/launch/dapr/src/main.ts"],
  "e2e:dapr": [`${dev}/run/dapr.ts`],
  "e2e:faults": [`${dev}/run/faults.ts`],
  "e2e:crawl": [`${dev}/run/crawl.ts`],
  "e2e:cuts": ["services/e2e/cuts.ts"],
  pictures: ["services/e2e/pictures.ts"],
  measure: ["services/e2e/measure.ts"],
  "e2e:draw": ["services/e2e/draw.ts"],
  "e2e:image": ["services/image/run.ts"],
  "e2e:gitops": ["gitops/lab/run.ts"],
  "lint:manifests": ["kustomize/lint.ts"],
  simulate: ["services/simulator/src/main.ts"],
  "simulate:planted": ["services/simulator/src/planted/main.ts"],
  promote: ["gitops/promote.ts"],
  // Any other program of the repository: `npm run bun -- services/api/bench/tasks.ts`.
  bun: [],
};

// Checked at once: npm may be killed while we install.
const starters = process.env.npm_lifecycle_event ? startersOf(process.ppid) : [];

/** A failure the user can fix: one sentence. */
class Refusal extends Error {}

try {
  const [name = "start", ...rest] = process.argv.slice(2);
  const command = commands[name];
  if (!command) throw new Refusal(`"${name}" is not one of ${Object.keys(commands).join(", ")}.`);
  handOver(prepare(), [...command, ...rest]);
} catch (error) {
  say(`Carillon cannot start: ${error instanceof Refusal ? error.message : error.stack}`);
  process.exit(1);
}

function say(line) {
  process.stderr.write(`${line}\n`);
}

/** The path of the pinned Bun, with the packages installed. */
function prepare() {
  const bun = findBun();
  const isInstalled = existsSync(join(root, "node_modules")) && !existsSync(installLock);
  // Bun needs some ten milliseconds to see that everything is there.
  if (bun && isInstalled && install(bun).status === 0) return bun;
  return alone(() => {
    const found = findBun() ?? fetchBun();
    if (!existsSync(join(root, "node_modules"))) say("Installing Carillon's packages (first run only) ...");
    const { status, output } = install(found);
    if (status !== 0) throw new Refusal(installFailure(output));
    return found;
  });
}

function findBun() {
  if (process.versions.bun === bunVersion) return process.execPath;
  if (runs("bun")) return "bun";
  const packages = join(tools, "node_modules", "@oven");
  if (!existsSync(packages)) return null;
  // The platform package's own program: the `bun` package's is a stub that works only after an
  // install script. Packages for glibc and for musl may both be there; the one that prints its
  // version is used.
  const programs = readdirSync(packages).map((name) =>
    join(packages, name, "bin", process.platform === "win32" ? "bun.exe" : "bun"),
  );
  return programs.find(runs) ?? null;
}

function runs(program) {
  const asked = spawnSync(program, ["--version"], { encoding: "utf8" });
  return asked.status === 0 && asked.stdout.trim() === bunVersion;
}

function fetchBun() {
  say(`Fetching Bun ${bunVersion} (first run only) ...`);
  const [program, ...options] = fetchCommand();
  const { status, output } = run(program, options, {
    npm_config_cache: ownCache(".npm", "npm-cache"),
    BUN_INSTALL_CACHE_DIR: ownCache(".bun", "bun-cache"),
    // By default npm retries for more than a minute before it reports a missing network.
    npm_config_fetch_retry_mintimeout: "1000",
    npm_config_fetch_retry_maxtimeout: "5000",
  });
  const bun = findBun();
  if (bun) return bun;
  if (status === 0)
    throw new Refusal(`there is no Bun ${bunVersion} that runs on ${process.platform} ${process.arch}.`);
  throw new Refusal(installFailure(output));
}

function fetchCommand() {
  const pinned = `bun@${bunVersion}`;
  const npm = npmCommand();
  if (spawnSync(npm[0], [...npm.slice(1), "--version"]).status === 0) {
    return [...npm, "install", "--prefix", tools, "--no-save", "--ignore-scripts", "--no-audit", "--no-fund", pinned];
  }
  if (!process.versions.bun)
    throw new Refusal(`it needs Bun ${bunVersion}, and there is no npm to fetch it with; install either.`);
  // A Bun of another version, and no npm: it fetches the right one.
  writeFileSync(join(tools, "package.json"), '{ "private": true }\n');
  return [process.execPath, "add", "--cwd", tools, "--ignore-scripts", "--exact", pinned];
}

/** npm: the one that runs us, else the one on the path. */
function npmCommand() {
  const running = process.env.npm_execpath ?? "";
  if (basename(running) === "npm-cli.js") return [process.versions.bun ? "node" : process.execPath, running];
  return process.platform === "win32" ? ["cmd.exe", "/c", "npm"] : ["npm"];
}

function install(bun) {
  return run(bun, ["install", "--frozen-lockfile"], { BUN_INSTALL_CACHE_DIR: ownCache(".bun", "bun-cache") });
}

/**
 * A cache in .tools where the home directory is not writable (a service account); undefined keeps the
 * tool's default.
 */
function ownCache(usual, substitute) {
  const home = homedir();
  const place = existsSync(join(home, usual)) ? join(home, usual) : home;
  return isWritable(place) ? undefined : join(tools, substitute);
}

function run(program, options, variables) {
  const set = Object.fromEntries(Object.entries(variables).filter(([, value]) => value !== undefined));
  const done = spawnSync(program, options, {
    cwd: root,
    env: { ...process.env, ...set },
    encoding: "utf8",
    stdio: ["ignore", "pipe", "pipe"],
  });
  return {
    status: done.status ?? 1,
    output: `${done.error?.message ?? ""}\n${done.stdout ?? ""}\n${done.stderr ?? ""}`,
  };
}

function installFailure(output) {
  if (
    /ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ECONNRESET|ETIMEDOUT|ENETUNREACH|DNSResolveFailed|Connection(Refused|Closed)|FailedToOpenSocket|Timeout/.test(
      output,
    )
  ) {
    return "the npm registry cannot be reached, and the first run needs it to fetch Bun and the packages; connect this machine and try again.";
  }
  if (/EACCES|EPERM|EROFS|AccessDenied|PermissionDenied|ReadOnlyFileSystem|NotDir/.test(output)) return unwritable();
  if (/ENOSPC|NoSpaceLeft/.test(output))
    return `the disk that holds ${root} is full; some 700 MB are needed for Bun and the packages.`;
  if (/lockfile (had|is) (changes|frozen)/i.test(output))
    return "bun.lock does not match the package.json files; run `bun install` and keep its change.";
  const lines = output.split("\n").filter((line) => /error|failed|ERR/i.test(line));
  return `what it needs could not be installed (${lines.slice(0, 3).join("; ").trim() || "no reason was given"}).`;
}

function unwritable() {
  return `it cannot write to ${root}, where the first run installs Bun and the packages; make the folder writable for this user, or run it as its owner.`;
}

function isWritable(folder) {
  try {
    accessSync(folder, constants.W_OK);
    return true;
  } catch {
    return false;
  }
}

/** Runs `work` while no other process of this folder installs. */
function alone(work) {
  try {
    mkdirSync(tools, { recursive: true });
  } catch {
    throw new Refusal(unwritable());
  }
  if (!isWritable(tools) || !isWritable(root)) throw new Refusal(unwritable());
  for (let said = false; !take(); said = true) {
    if (!said) say("Waiting for another install in this folder ...");
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 200);
  }
  try {
    return work();
  } finally {
    rmSync(installLock, { force: true });
  }
}

function take() {
  try {
    writeFileSync(installLock, String(process.pid), { flag: "wx" });
    return true;
  } catch (error) {
    if (error.code !== "EEXIST") throw error;
  }
  try {
    const holder = Number(readFileSync(installLock, "utf8"));
    // A killed install left its lock behind.
    if (holder === process.pid || (holder > 0 && !isAlive(holder))) rmSync(installLock, { force: true });
  } catch {
    // Its holder has just finished.
  }
  return false;
}

/** Runs the product or the tests in our place: same terminal, same signals, same exit code. */
function handOver(bun, options) {
  // Programs that call `bun` by its name find this one.
  const path = bun === "bun" ? process.env.PATH : [dirname(bun), process.env.PATH].join(delimiter);
  const env = { ...process.env, PATH: path, CARILLON_STARTED_BY: String(process.pid) };
  const child = spawn(bun, options, { cwd: root, stdio: "inherit", env });
  for (const signal of ["SIGINT", "SIGTERM"]) process.on(signal, () => child.kill(signal));
  // A killed npm takes no child with it: without this the product would go on holding its ports.
  setInterval(() => {
    if (!starters.every(isAlive)) child.kill("SIGTERM");
  }, 250).unref();
  child.on("error", (error) => {
    say(`Carillon cannot start: ${bun} does not run (${error.message}).`);
    process.exit(1);
  });
  child.on("exit", (code, signal) => process.exit(code ?? 128 + ({ SIGINT: 2, SIGKILL: 9, SIGTERM: 15 }[signal] ?? 1)));
}

/** Our parent and, where that is the shell in which npm runs a script, npm itself. */
function startersOf(parent) {
  const [name, grandparent] = nameAndParentOf(parent);
  return /^(.*\/)?(sh|bash|dash|zsh)$/.test(name) && grandparent > 1 ? [parent, grandparent] : [parent];
}

function nameAndParentOf(id) {
  const stat = `/proc/${id}/stat`;
  if (existsSync(stat)) {
    const [, name = "", parent] = /\((.*)\) \S (\d+)/.exec(readFileSync(stat, "utf8")) ?? [];
    return [name, Number(parent)];
  }
  const asked = spawnSync("ps", ["-o", "ppid=,comm=", "-p", String(id)], { encoding: "utf8" });
  const [parent, name = ""] = (asked.stdout ?? "").trim().split(/\s+/);
  return [name, Number(parent)];
}

function isAlive(id) {
  try {
    process.kill(id, 0);
    return true;
  } catch (error) {
    return error.code !== "ESRCH";
  }
}

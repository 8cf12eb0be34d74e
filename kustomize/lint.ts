/**
 * `npm run lint:manifests`: kube-score and checkov over every overlay, hadolint over the Dockerfile, tflint, checkov and `fmt` over the Terraform
 * modules; skipped rules and their reasons are in src/waivers.ts and
 * gitops/clusters/checkov.yaml. Runs the tools on the path and names the missing ones. Ends with `N passed, N failed`.
 */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { listAt, root, textAt } from "./src/files.ts";
import { folders, kustomizeCommand, renderText } from "./src/render.ts";
import { ofCheckov, ofKubeScore, type Waiver } from "./src/waivers.ts";

const say = (line: string): void => void process.stdout.write(`${line}\n`);
const tally = { passed: 0, failed: 0 };
const checksOf = (waivers: readonly Waiver[]): string => waivers.map(({ check }) => check).join(",");

/** True when the tool is installed; prints a line otherwise. */
function has(tool: string): boolean {
  if (Bun.which(tool)) return true;
  say(`*** ${tool} did NOT run: it is not installed. ***`);
  return false;
}

function run(name: string, command: readonly string[], stdin = ""): void {
  const { exitCode, stdout, stderr } = Bun.spawnSync([...command], {
    cwd: root,
    stdin: Buffer.from(stdin),
    stderr: "pipe",
  });
  if (exitCode === 0) {
    tally.passed += 1;
    say(`ok   ${name}`);
    return;
  }
  tally.failed += 1;
  say(`FAIL ${name}\n${stdout.toString()}${stderr.toString()}`);
}

const ourWaivers = ["--skip-check", checksOf(ofCheckov)];

/** One framework of checkov; passes only when it checked something. */
function checkov(name: string, framework: string, target: readonly string[], waivers: readonly string[]): void {
  const options = ["--skip-download", "--framework", framework, ...waivers, "--output", "json"];
  const { stdout, stderr } = Bun.spawnSync(["checkov", ...options, ...target], { cwd: root, stderr: "pipe" });
  const text = stdout.toString().trim();
  const report: unknown = text.startsWith("{") ? JSON.parse(text) : null;
  const faults = listAt(report, "results", "failed_checks").map(
    (one) => `${textAt(one, "check_id")} ${textAt(one, "resource")} ${textAt(one, "check_name")}`,
  );
  const passed = Number(textAt(report, "summary", "passed"));
  const isFine = faults.length === 0 && passed > 0;
  tally[isFine ? "passed" : "failed"] += 1;
  const why =
    passed > 0 ? faults.join("\n") : `It looked at nothing: ${text.slice(0, 300)}${stderr.toString().slice(-500)}`;
  say(isFine ? `ok   checkov over ${name}: ${passed} checks` : `FAIL checkov over ${name}\n${why}`);
}

if (has("hadolint")) run("hadolint services/Dockerfile", ["hadolint", "services/Dockerfile"]);
const kustomize = kustomizeCommand();
if (kustomize === null) say("*** kube-score and checkov did NOT run: there is no kustomize. ***");
else {
  if (has("kube-score")) {
    const options = [
      "--output-format",
      "ci",
      "--ignore-container-cpu-limit",
      ...ofKubeScore.flatMap(({ check }) => ["--ignore-test", check]),
    ];
    for (const folder of folders.overlays)
      run(`kube-score ${folder}`, ["kube-score", "score", ...options, "-"], renderText(kustomize, folder));
  }
  if (has("checkov")) {
    const folder = mkdtempSync(join(tmpdir(), "carillon-checkov-"));
    // One run for all: its start takes longest.
    for (const overlay of folders.overlays)
      writeFileSync(join(folder, `${overlay.split("/").at(-1)}.yaml`), renderText(kustomize, overlay));
    checkov("the overlays", "kubernetes", ["--directory", folder], ourWaivers);
    checkov("services/Dockerfile", "dockerfile", ["--file", "services/Dockerfile"], ourWaivers);
    rmSync(folder, { recursive: true, force: true });
  }
}

const clusters = "gitops/clusters";
const modules = [...new Bun.Glob(`${clusters}/*/versions.tf`).scanSync({ cwd: root })]
  .map((file) => dirname(file))
  .sort();
if (has("tflint")) for (const module of modules) run(`tflint ${module}`, ["tflint", `--chdir=${module}`]);
if (Bun.which("checkov")) {
  const waivers = ["--config-file", `${clusters}/checkov.yaml`];
  checkov("the Terraform modules", "terraform", ["--directory", clusters], waivers);
}
const formatter = ["terraform", "tofu"].find((name) => Bun.which(name));
if (formatter) run(`${formatter} fmt`, [formatter, "fmt", "-check", "-diff", "-recursive", clusters]);
else say("*** terraform fmt did NOT run: there is neither terraform nor tofu. ***");
say(`\n${tally.passed} passed, ${tally.failed} failed`);
process.exit(tally.failed === 0 ? 0 : 1);

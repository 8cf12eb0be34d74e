import { cpSync, existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";

const upstream = "https://github.com/carillon-app/carillon.git";
const folders = ["kustomize", "gitops", "argocd", "observability"];

/**
 * A copy of the work tree in a repository with a bare remote, which Argo CD reads. Only our repository's address differs: `upstream`
 * becomes the bare repository's.
 */
export class Repository {
  readonly work: string;
  readonly origin: string;

  constructor(root: string, folder: string) {
    this.work = join(folder, "work");
    this.origin = join(folder, "origin.git");
    const listed = git(root, ["ls-files", "--cached", "--others", "--exclude-standard", "--", ...folders]).split("\n");
    for (const file of listed.filter((name) => name !== "" && existsSync(join(root, name)))) {
      mkdirSync(join(this.work, dirname(file)), { recursive: true });
      cpSync(join(root, file), join(this.work, file));
      this.#rewrite(file);
    }
    git(folder, ["init", "--quiet", "--bare", "--initial-branch=main", this.origin]);
    git(this.work, ["init", "--quiet", "--initial-branch=main"]);
    git(this.work, ["config", "user.name", "laboratory"]);
    git(this.work, ["config", "user.email", "laboratory@example.invalid"]);
    git(this.work, ["remote", "add", "origin", this.origin]);
    this.commit("The present work tree");
  }

  #rewrite(file: string): void {
    if (!file.endsWith(".yaml")) return;
    const path = join(this.work, file);
    const text = readFileSync(path, "utf8");
    if (text.includes(upstream)) writeFileSync(path, text.replaceAll(upstream, `file://${this.origin}`));
  }

  read(file: string): string {
    return readFileSync(join(this.work, file), "utf8");
  }

  write(file: string, text: string): void {
    mkdirSync(join(this.work, dirname(file)), { recursive: true });
    writeFileSync(join(this.work, file), text);
  }

  /** Commits everything and pushes. Returns the commit. */
  commit(message: string): string {
    git(this.work, ["add", "--all"]);
    git(this.work, ["commit", "--quiet", "-m", message]);
    return this.push();
  }

  /** Reverts the newest commit and pushes. Returns the new commit. */
  revert(): string {
    git(this.work, ["revert", "--no-edit", "HEAD"]);
    return this.push();
  }

  push(): string {
    git(this.work, ["push", "--quiet", "origin", "HEAD:main"]);
    return git(this.work, ["rev-parse", "HEAD"]).trim();
  }
}

function git(cwd: string, words: readonly string[]): string {
  const ran = Bun.spawnSync(["git", ...words], { cwd });
  if (ran.exitCode !== 0) throw new Error(`git ${words.join(" ")}: ${ran.stderr.toString().trim()}`);
  return ran.stdout.toString();
}

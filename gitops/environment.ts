import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { asRecord, GitopsError } from "./release.ts";

/** What `gitops/envs/<name>/env.yaml` tells Argo CD; the ApplicationSet reads the same file. */
export type Environment = {
  environment: string;
  /** The platform whose overlay it builds on. */
  platform: "minikube" | "oke" | "aks" | "gke";
  /** `local` runs locally built images, which have no digest; the others run pinned ones only. */
  stage: "local" | "staging" | "production";
  /** The label `carillon.dev/environment` of the cluster it runs on. */
  cluster: string;
  namespace: string;
  sync: "automatic" | "manual";
  /** Its public URL; a release checks its health there. */
  publicUrl: string;
};

const choices = {
  platform: ["minikube", "oke", "aks", "gke"],
  stage: ["local", "staging", "production"],
  sync: ["automatic", "manual"],
} as const;
const keys = ["environment", "platform", "stage", "cluster", "namespace", "sync", "publicUrl"];

/** The names of all environments below `root`, sorted. */
export const environmentNames = (root: string): string[] =>
  readdirSync(join(root, "gitops/envs"), { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map((entry) => entry.name)
    .toSorted();

/**
 * The environment of that name.
 * @throws GitopsError if there is none, or its file is not what Argo CD needs.
 */
export function readEnvironment(root: string, name: string): Environment {
  const file = join(root, "gitops/envs", name, "env.yaml");
  if (!existsSync(file)) {
    throw new GitopsError(`There is no environment ${name}; there are ${environmentNames(root).join(", ")}.`);
  }
  return parseEnvironment(readFileSync(file, "utf8"), name);
}

/** As `readEnvironment`, from the file's text. */
export function parseEnvironment(text: string, name: string): Environment {
  const where = `gitops/envs/${name}/env.yaml`;
  const given = asRecord(Bun.YAML.parse(text), where);
  const odd = Object.keys(given).filter((key) => !keys.includes(key));
  if (odd.length > 0) throw new GitopsError(`${where} has ${odd.join(", ")}, which are not read.`);
  const sentence = (key: string): string => {
    const value = given[key];
    if (typeof value !== "string" || value === "") throw new GitopsError(`${where} lacks ${key}.`);
    return value;
  };
  const oneOf = <Key extends keyof typeof choices>(key: Key): (typeof choices)[Key][number] => {
    const found = choices[key].find((choice) => choice === given[key]);
    if (!found) throw new GitopsError(`${where}: ${key} is one of ${choices[key].join(", ")}.`);
    return found;
  };
  const read: Environment = {
    environment: sentence("environment"),
    platform: oneOf("platform"),
    stage: oneOf("stage"),
    cluster: sentence("cluster"),
    namespace: sentence("namespace"),
    sync: oneOf("sync"),
    publicUrl: sentence("publicUrl"),
  };
  if (read.environment !== name) throw new GitopsError(`${where} says ${read.environment}, and is in ${name}.`);
  if (read.stage === "production" && read.sync === "automatic") {
    throw new GitopsError(`${where}: production waits for a person, so sync is manual.`);
  }
  return read;
}

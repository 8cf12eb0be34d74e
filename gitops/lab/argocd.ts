import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Cluster } from "./cluster.ts";
import { type Lab, waitFor } from "./lab.ts";

/** How long a failed render is answered with the last good one; shorter than in a cluster, for the test. */
export const graceSeconds = 20;

/** Argo CD's controllers in `cluster`, with the settings of `argocd/install` of this repository. */
export async function startArgoCd(lab: Lab, cluster: Cluster, repository: string): Promise<void> {
  await cluster.apply("apiVersion: v1\nkind: Namespace\nmetadata: { name: argocd }\n");
  const settings = ["argocd-cm", "argocd-rbac-cm", "argocd-notifications-cm"].map((name) =>
    readFileSync(join(repository, "argocd/install", `${name}.yaml`), "utf8"),
  );
  await cluster.must(
    ["-n", "argocd", "apply", "--server-side", "-f", "-"],
    [...settings, secretYaml()].join("\n---\n"),
  );
  const home = lab.path("argocd");
  for (const folder of ["tls", "ssh", "gpg", "tmp", "home"]) mkdirSync(join(home, folder), { recursive: true });
  writeFileSync(join(home, "ssh/ssh_known_hosts"), "");
  writeFileSync(join(home, "home/.gitconfig"), "[safe]\n\tdirectory = *\n");
  lab.start("redis", [
    "redis-server",
    "--bind",
    "127.0.0.1",
    "--port",
    "6379",
    "--save",
    "",
    "--appendonly",
    "no",
    "--dir",
    home,
  ]);
  startRepoServer(lab, environmentOf(lab, cluster));
  startControllers(lab, environmentOf(lab, cluster));
  await waitFor("Argo CD's repo server", 60_000, async () => (await repoServerMetrics(lab)) !== "");
}

const environmentOf = (lab: Lab, { kubeconfig }: Cluster): Record<string, string> => {
  const home = lab.path("argocd");
  return {
    HOME: join(home, "home"),
    TMPDIR: join(home, "tmp"),
    KUBECONFIG: kubeconfig,
    ARGOCD_FAKE_IN_CLUSTER: "true",
    ARGOCD_TLS_DATA_PATH: join(home, "tls"),
    ARGOCD_SSH_DATA_PATH: join(home, "ssh"),
    ARGOCD_GPG_DATA_PATH: join(home, "gpg"),
    ARGOCD_GNUPGHOME: join(home, "gpg"),
    ARGOCD_GPG_ENABLED: "false",
    ARGOCD_RECONCILIATION_JITTER: "0s",
  };
};

function startRepoServer(lab: Lab, environment: Record<string, string>): void {
  const command = [
    "argocd",
    "--address=127.0.0.1",
    "--metrics-address=127.0.0.1",
    "--disable-tls",
    "--client-ca-path=",
  ];
  lab.start(
    "argocd-repo-server",
    [...command, "--redis=127.0.0.1:6379", "--revision-cache-expiration=1s", "--parallelismlimit=2"],
    { ...environment, ARGOCD_BINARY_NAME: "argocd-repo-server" },
  );
}

function startControllers(lab: Lab, environment: Record<string, string>): void {
  const common = ["argocd", "--namespace=argocd"];
  lab.start(
    "argocd-application-controller",
    [
      ...common,
      "--redis=127.0.0.1:6379",
      "--repo-server=127.0.0.1:8081",
      "--repo-server-plaintext",
      "--app-resync=5",
      `--repo-error-grace-period-seconds=${graceSeconds}`,
      "--server-side-diff-enabled",
      "--self-heal-timeout-seconds=1",
      "--status-processors=4",
      "--operation-processors=4",
    ],
    { ...environment, ARGOCD_BINARY_NAME: "argocd-application-controller" },
  );
  lab.start(
    "argocd-applicationset-controller",
    [
      ...common,
      "--argocd-repo-server=127.0.0.1:8081",
      "--repo-server-plaintext",
      "--metrics-addr=127.0.0.1:12345",
      "--probe-addr=127.0.0.1:12346",
      "--webhook-addr=127.0.0.1:7001",
    ],
    { ...environment, ARGOCD_BINARY_NAME: "argocd-applicationset-controller" },
  );
}

/** The repo server's metrics; empty while it does not respond. */
export async function repoServerMetrics(lab: Lab): Promise<string> {
  const fetching = "const a = await fetch('http://127.0.0.1:8084/metrics'); process.stdout.write(await a.text())";
  return (await lab.run([process.execPath, "-e", fetching])).stdout;
}

/** How many renders failed so far, as the alert RenderFails counts them (observability/alerts/gitops.yaml). */
export function failedRenders(metrics: string): number {
  return metrics
    .split("\n")
    .filter((line) => line.startsWith("grpc_server_handled_total{") && line.includes('grpc_method="GenerateManifest"'))
    .filter((line) => !line.includes('grpc_code="OK"'))
    .reduce((sum, line) => sum + Number(line.split(" ").at(-1)), 0);
}

const secretYaml = (): string => `apiVersion: v1
kind: Secret
metadata: { name: argocd-secret, labels: { app.kubernetes.io/part-of: argocd } }
stringData: { server.secretkey: ${crypto.randomUUID()} }
`;

/** A cluster as registered in Argo CD: its labels name environment and platform. */
export function clusterSecret(name: string, server: string, labels: Record<string, string>, config: object): string {
  const metadata = {
    name: `cluster-${name}`,
    namespace: "argocd",
    labels: { "argocd.argoproj.io/secret-type": "cluster", ...labels },
  };
  const stringData = { name, server, config: JSON.stringify(config) };
  return JSON.stringify({ apiVersion: "v1", kind: "Secret", metadata, stringData });
}

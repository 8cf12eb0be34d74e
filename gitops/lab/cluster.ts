import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { type Lab, type Ran, waitFor } from "./lab.ts";

const nodes = ["zone-1", "zone-2", "zone-3"];

/**
 * A control plane with a real API server, controllers and scheduler; only the machines are simulated (KWOK reports every pod as
 * running). Two control planes share one etcd, each with its own prefix.
 */
export class Cluster {
  readonly token = crypto.randomUUID();
  readonly server: string;
  readonly kubeconfig: string;

  constructor(
    private readonly lab: Lab,
    readonly name: string,
    private readonly index: number,
  ) {
    this.server = `https://127.0.0.1:${6443 + index}`;
    this.kubeconfig = lab.path(name, "kubeconfig");
    mkdirSync(lab.path(name), { recursive: true });
  }

  async start(kwokStages: string): Promise<void> {
    const { lab, name, index, kubeconfig } = this;
    const at = (file: string) => lab.path(name, file);
    await lab.must(["openssl", "genrsa", "-out", at("sa.key"), "2048"]);
    writeFileSync(at("tokens.csv"), `${this.token},admin,admin,system:masters\n`);
    writeFileSync(kubeconfig, this.#kubeconfigText());
    lab.start(`${name}-apiserver`, [
      "kube-apiserver",
      "--etcd-servers=http://127.0.0.1:2379",
      `--etcd-prefix=/${name}`,
      "--bind-address=127.0.0.1",
      `--secure-port=${6443 + index}`,
      "--advertise-address=127.0.0.1",
      "--endpoint-reconciler-type=none",
      `--cert-dir=${at("certs")}`,
      `--token-auth-file=${at("tokens.csv")}`,
      "--authorization-mode=RBAC",
      "--service-cluster-ip-range=10.96.0.0/16",
      "--service-account-issuer=https://kubernetes.default.svc",
      `--service-account-key-file=${at("sa.key")}`,
      `--service-account-signing-key-file=${at("sa.key")}`,
    ]);
    await waitFor(`${name}'s API server`, 120_000, async () => (await this.kubectl(["get", "--raw", "/readyz"])).ok);
    lab.start(`${name}-controllers`, [
      "kube-controller-manager",
      `--kubeconfig=${kubeconfig}`,
      "--bind-address=127.0.0.1",
      `--secure-port=${10_257 + 10 * index}`,
      `--service-account-private-key-file=${at("sa.key")}`,
      `--root-ca-file=${at("certs/apiserver.crt")}`,
      "--use-service-account-credentials",
      "--leader-elect=false",
      // On a busy machine KWOK may renew its nodes late, which is not a defect of this repository.
      "--node-monitor-grace-period=1h",
      // Simulated machines have no metrics, without which an HPA is degraded: HPAs are simulated too.
      "--controllers=*,-nodeipam,-cloud-node-lifecycle,-service-lb-controller,-horizontal-pod-autoscaler-controller",
    ]);
    lab.start(`${name}-scheduler`, [
      "kube-scheduler",
      `--kubeconfig=${kubeconfig}`,
      "--bind-address=127.0.0.1",
      `--secure-port=${10_259 + 10 * index}`,
      "--leader-elect=false",
    ]);
    lab.start(`${name}-machines`, [
      "kwok",
      `--config=${kwokStages}`,
      `--kubeconfig=${kubeconfig}`,
      "--manage-all-nodes=true",
      "--cidr=10.244.0.1/16",
      "--node-ip=127.0.0.1",
      `--server-address=127.0.0.1:${10_247 + index}`,
    ]);
    await this.apply(nodes.map(nodeYaml).join("---\n"));
  }

  kubectl(words: readonly string[], input?: string): Promise<Ran> {
    return this.lab.run(["kubectl", ...words], {
      env: { KUBECONFIG: this.kubeconfig },
      ...(input === undefined ? {} : { input }),
    });
  }

  /** kubectl's output. @throws Error if it failed. */
  async must(words: readonly string[], input?: string): Promise<string> {
    const { kubeconfig } = this;
    return this.lab.must(["kubectl", ...words], {
      env: { KUBECONFIG: kubeconfig },
      ...(input === undefined ? {} : { input }),
    });
  }

  async apply(yaml: string): Promise<void> {
    await this.must(["apply", "--server-side", "--force-conflicts", "-f", "-"], yaml);
  }

  /** A field of an object by JSONPath, empty if there is none. */
  async field(namespace: string, object: string, jsonpath: string): Promise<string> {
    const ran = await this.kubectl(["-n", namespace, "get", object, "-o", `jsonpath=${jsonpath}`]);
    return ran.ok ? ran.stdout : "";
  }

  get certificate(): string {
    return readFileSync(this.lab.path(this.name, "certs/apiserver.crt")).toString("base64");
  }

  #kubeconfigText(): string {
    return JSON.stringify({
      apiVersion: "v1",
      kind: "Config",
      clusters: [
        {
          name: this.name,
          cluster: { server: this.server, "certificate-authority": this.lab.path(this.name, "certs/apiserver.crt") },
        },
      ],
      users: [{ name: "admin", user: { token: this.token } }],
      contexts: [{ name: this.name, context: { cluster: this.name, user: "admin" } }],
      "current-context": this.name,
    });
  }
}

function nodeYaml(zone: string): string {
  return `apiVersion: v1
kind: Node
metadata:
  name: ${zone}
  labels: { kubernetes.io/hostname: ${zone}, kubernetes.io/os: linux, kubernetes.io/arch: arm64, topology.kubernetes.io/zone: ${zone} }
status:
  allocatable: { cpu: "8", memory: 16Gi, ephemeral-storage: 100Gi, pods: "110" }
  capacity: { cpu: "8", memory: 16Gi, ephemeral-storage: 100Gi, pods: "110" }
`;
}

export function startEtcd(lab: Lab): void {
  lab.start("etcd", [
    "etcd",
    "--name=lab",
    `--data-dir=${lab.path("etcd")}`,
    "--listen-client-urls=http://127.0.0.1:2379",
    "--advertise-client-urls=http://127.0.0.1:2379",
    "--listen-peer-urls=http://127.0.0.1:2380",
    "--initial-advertise-peer-urls=http://127.0.0.1:2380",
    "--initial-cluster=lab=http://127.0.0.1:2380",
    "--unsafe-no-fsync",
    "--log-level=warn",
  ]);
}

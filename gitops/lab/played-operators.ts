/**
 * Marks objects of absent operators as healthy, as KWOK does for pods: secrets synced, databases running, certificates issued.
 * Otherwise a sync would wait for them indefinitely.
 */
type Condition = {
  type: string;
  status: string;
  reason: string;
  message: string;
  lastTransitionTime: string;
  observedGeneration: number;
};
type Played = {
  path: string;
  status: (conditions: (...types: string[]) => Condition[], object: KubernetesObject) => object;
};
type KubernetesObject = {
  metadata: { name: string; namespace?: string; generation?: number };
  spec?: { parentRefs?: object[] };
};

const played: Played[] = [
  {
    path: "apis/external-secrets.io/v1/externalsecrets",
    status: (conditions) => ({ conditions: conditions("Ready") }),
  },
  { path: "apis/external-secrets.io/v1/secretstores", status: (conditions) => ({ conditions: conditions("Ready") }) },
  { path: "apis/cert-manager.io/v1/certificates", status: (conditions) => ({ conditions: conditions("Ready") }) },
  { path: "apis/cert-manager.io/v1/clusterissuers", status: (conditions) => ({ conditions: conditions("Ready") }) },
  {
    path: "apis/gateway.networking.k8s.io/v1/gatewayclasses",
    status: (conditions) => ({ conditions: conditions("Accepted") }),
  },
  {
    path: "apis/postgresql.cnpg.io/v1/clusters",
    status: (conditions) => ({ phase: "Cluster in healthy state", conditions: conditions("Ready") }),
  },
  { path: "apis/keda.sh/v1alpha1/scaledobjects", status: (conditions) => ({ conditions: conditions("Ready") }) },
  {
    path: "apis/autoscaling/v2/horizontalpodautoscalers",
    status: (conditions) => ({ desiredReplicas: 2, conditions: conditions("AbleToScale", "ScalingActive") }),
  },
  {
    path: "apis/gateway.networking.k8s.io/v1/gateways",
    status: (conditions) => ({ conditions: conditions("Accepted", "Programmed") }),
  },
  {
    path: "apis/gateway.networking.k8s.io/v1/httproutes",
    status: (conditions, { spec }) => ({
      parents: (spec?.parentRefs ?? []).map((parentRef) => ({
        parentRef,
        controllerName: "example.com/played",
        conditions: conditions("Accepted", "ResolvedRefs"),
      })),
    }),
  },
];

async function playOnce(server: string, token: string, { path, status }: Played): Promise<void> {
  const headers = { authorization: `Bearer ${token}` };
  // The lab's self-signed certificate, on its own loopback.
  const tls = { rejectUnauthorized: false };
  const listed = await fetch(`${server}/${path}`, { headers, tls });
  if (!listed.ok) return;
  const { items }: { items: (KubernetesObject & { status?: unknown })[] } = await listed.json();
  // Some kinds start with conditions of unknown status.
  for (const object of items.filter(({ status: said }) => !JSON.stringify(said ?? "").includes("Played"))) {
    const { name, namespace, generation } = object.metadata;
    const conditions = (...types: string[]): Condition[] =>
      types.map((type) => ({
        type,
        status: "True",
        reason: "Played",
        message: "Played by the laboratory",
        lastTransitionTime: new Date().toISOString(),
        observedGeneration: generation ?? 1,
      }));
    const [group, plural] = [path.slice(0, path.lastIndexOf("/")), path.slice(path.lastIndexOf("/") + 1)];
    const place = namespace === undefined ? plural : `namespaces/${namespace}/${plural}`;
    await fetch(`${server}/${group}/${place}/${name}/status`, {
      method: "PATCH",
      headers: { ...headers, "content-type": "application/merge-patch+json" },
      body: JSON.stringify({ status: status(conditions, object) }),
      tls,
    });
  }
}

/** Runs until it is stopped. */
export async function playOperators(server: string, token: string): Promise<never> {
  for (;;) {
    for (const kind of played) await playOnce(server, token, kind).catch(() => undefined);
    await Bun.sleep(500);
  }
}

import { expect, test } from "bun:test";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { root } from "../src/files.ts";

const read = (file: string): string => readFileSync(join(root, file), "utf8");

/** Where each platform defines its pod network. */
const podNetworks: Record<string, { file: string; network: RegExp }> = {
  aks: { file: "gitops/clusters/aks/cluster.tf", network: /pod_cidr\s*=\s*"([^"]+)"/ },
  gke: { file: "gitops/clusters/gke/network.tf", network: /range_name\s*=\s*"pods"\s*ip_cidr_range\s*=\s*"([^"]+)"/ },
  oke: { file: "gitops/clusters/oke/cluster.tf", network: /pods_cidr\s*=\s*"([^"]+)"/ },
};

test.each(Object.entries(podNetworks))(
  "on %s the services believe the gateway's pods, and no wider network",
  (platform, { file, network }) => {
    const trusted = /TRUSTED_PROXIES=([^\]\s]+)/.exec(read(`kustomize/overlays/${platform}/kustomization.yaml`))?.[1];
    expect(network.exec(read(file))?.[1]).toBe(trusted ?? "nothing");
  },
);

test("the gateway keeps the addresses of clients: no node stands between them and its pods", () => {
  expect(read("gitops/platform/gateway/envoy-proxy.yaml")).toContain("externalTrafficPolicy: Local");
});

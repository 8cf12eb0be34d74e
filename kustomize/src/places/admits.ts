import { at, listAt, type Manifest, textAt, wordsAt } from "../files.ts";
import { matches, ofKind, wordsOf } from "../workloads.ts";

type Labels = Record<string, string>;
/** The peer of a connection: a pod, or an address that no selector matches. */
export type Peer = { namespace: string; labels: Labels } | { ip: string };
export type Connection = { direction: "Ingress" | "Egress"; pod: Labels; peer: Peer; port: number };

const ourNamespace = "carillon";

/**
 * Whether the policies allow a pod's connection, by Kubernetes' rules: the policies that select the pod add up; where none selects it,
 * everything is allowed.
 */
export function admits(manifests: readonly Manifest[], connection: Connection): boolean {
  const selecting = ofKind(manifests, "NetworkPolicy").filter(
    ({ spec }) => selects(at(spec, "podSelector"), connection.pod) && typesOf(spec).includes(connection.direction),
  );
  return selecting.length === 0 || selecting.some(({ spec }) => rulesAdmit(spec, connection));
}

const typesOf = (spec: unknown): string[] => wordsAt(spec, "policyTypes");

function rulesAdmit(spec: unknown, { direction, peer, port }: Connection): boolean {
  const [rules, side] = direction === "Ingress" ? ["ingress", "from"] : ["egress", "to"];
  return listAt(spec, rules).some((rule) => {
    const peers = listAt(rule, side);
    const ports = listAt(rule, "ports");
    const hasPort = ports.length === 0 || ports.some((one) => textAt(one, "port") === String(port));
    return hasPort && (peers.length === 0 || peers.some((one) => isPeer(one, peer)));
  });
}

function isPeer(rule: unknown, peer: Peer): boolean {
  const block = textAt(rule, "ipBlock", "cidr");
  if ("ip" in peer) return block === "0.0.0.0/0" || block === `${peer.ip}/32`;
  if (block !== "") return false;
  const namespaces = at(rule, "namespaceSelector");
  const inNamespace =
    namespaces === undefined
      ? peer.namespace === ourNamespace
      : selects(namespaces, { "kubernetes.io/metadata.name": peer.namespace });
  const pods = at(rule, "podSelector");
  return inNamespace && (pods === undefined || selects(pods, peer.labels));
}

/** A label selector of Kubernetes; an empty one selects everything. */
function selects(selector: unknown, labels: Labels): boolean {
  const hasWords = matches(labels, wordsOf(at(selector, "matchLabels")));
  const expressions = listAt(selector, "matchExpressions").every((one) => {
    const value = labels[textAt(one, "key")];
    if (textAt(one, "operator") === "Exists") return value !== undefined;
    const isIn = value !== undefined && wordsAt(one, "values").includes(value);
    return textAt(one, "operator") === "NotIn" ? !isIn : isIn;
  });
  return hasWords && expressions;
}

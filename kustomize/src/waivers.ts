/** Skipped findings of third-party tools, each with its reason. Any other finding fails `npm run lint:manifests`. */
export type Waiver = { check: string; why: string };

export const ofKubeScore: Waiver[] = [
  {
    check: "container-image-tag",
    why: "An overlay has no version; environments pin ours by digest, and a test of ours refuses the rest.",
  },
  {
    check: "container-image-pull-policy",
    why: "Images are named by digest or exact version: pulling them again gives the same bytes.",
  },
  {
    check: "container-security-context-user-group-id",
    why: "It is in the pod's security context, which the tool does not read.",
  },
  { check: "networkpolicy-targets-pod", why: "CloudNativePG makes the database's pods; the policy waits for them." },
  {
    check: "statefulset-has-poddisruptionbudget",
    why: "One database or broker on one machine: a budget would only stop its node from being emptied.",
  },
  { check: "deployment-has-host-podantiaffinity", why: "Spread by topologySpreadConstraints, which it does not read." },
  { check: "statefulset-has-host-podantiaffinity", why: "As above: one replica has nothing to be apart from." },
  {
    check: "deployment-has-poddisruptionbudget",
    why: "minikube, ops and the collector are single; a budget would only stop a drain.",
  },
  { check: "deployment-replicas", why: "Scalers decide; where there is none, one is meant." },
  { check: "pod-probes-identical", why: "Only the start is asked by liveness' path; readiness is another one." },
];

export const ofCheckov: Waiver[] = [
  {
    check: "CKV_K8S_11",
    why: "No processor limit: it would slow password hashing and protects nothing that requests do not.",
  },
  {
    check: "CKV_K8S_14",
    why: "An overlay has no version; environments pin by digest, and a test of ours refuses the rest.",
  },
  { check: "CKV_K8S_15", why: "Images are named by digest or exact version: pulling them again gives the same bytes." },
  {
    check: "CKV_K8S_35",
    why: "Our services read secrets from files, too (NAME_FILE); a variable is enough in a container with one process.",
  },
  { check: "CKV_K8S_43", why: "As CKV_K8S_14." },
  {
    check: "CKV2_K8S_6",
    why: "It looks for a policy for each pod by its own rules; ours are generated, and everything is denied first.",
  },
  { check: "CKV_DOCKER_2", why: "Kubernetes asks for health; a HEALTHCHECK would need a shell or curl in the image." },
  { check: "CKV_DOCKER_7", why: "It does not read the arguments that name the bases by version; a test of ours does." },
  {
    check: "CKV_K8S_40",
    why: "PostgreSQL's and Redpanda's images have users of their own, who own their files; our services are 10001.",
  },
];

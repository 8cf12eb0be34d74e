import type { Kind, Metric } from "./metric.ts";

const metric =
  (kind: Kind) =>
  <const Label extends string>(name: string, help: string, labels: readonly Label[] = []): Metric<Label> => ({
    name,
    kind,
    help,
    labels,
  });
const counter = metric("counter");
const gauge = metric("gauge");
const histogram = metric("histogram");

/** Process metrics of our services (prom-client's defaults under Bun). */
export const processes = {
  cpu: counter("process_cpu_seconds_total", "CPU time used."),
  memory: gauge("process_resident_memory_bytes", "Memory held."),
  openFiles: gauge("process_open_fds", "Open file descriptors."),
  startedAt: gauge("process_start_time_seconds", "When the process started, as a Unix time."),
  eventLoopLag: gauge("nodejs_eventloop_lag_p99_seconds", "How late the event loop is, 99th percentile."),
};

/** The sidecar's and the scheduler's metrics, as daprd 1.16 names and labels them. */
export const dapr = {
  invocationsSent: counter("dapr_runtime_service_invocation_req_sent_total", "Calls sent to another service.", [
    "app_id",
    "dst_app_id",
    "type",
  ]),
  invocationAnswers: counter("dapr_runtime_service_invocation_res_recv_total", "Answers from another service.", [
    "app_id",
    "src_app_id",
    "status",
    "type",
  ]),
  invocationLatency: histogram(
    "dapr_runtime_service_invocation_res_recv_latency_ms",
    "Time until another service answered, in milliseconds.",
    ["app_id", "src_app_id", "status"],
  ),
  delivered: counter("dapr_component_pubsub_ingress_count", "Events handed to an app one by one, by its verdict.", [
    "app_id",
    "component",
    "process_status",
    "status",
    "topic",
  ]),
  // Its verdicts are upper-case, unlike those of single events.
  deliveredInBulk: counter(
    "dapr_component_pubsub_ingress_bulk_event_count",
    "Events handed to an app in batches, by its verdict.",
    ["app_id", "component", "process_status", "topic"],
  ),
  deliveryLatency: histogram(
    "dapr_component_pubsub_ingress_latencies",
    "Time an app took for an event, in milliseconds.",
    ["app_id", "component", "process_status", "status", "topic"],
  ),
  bulkDeliveryLatency: histogram(
    "dapr_component_pubsub_ingress_bulk_latencies",
    "Time an app took for a batch of events, in milliseconds.",
    ["app_id", "component", "process_status", "topic"],
  ),
  published: counter("dapr_component_pubsub_egress_bulk_count", "Bulk publishes, by whether the broker took them.", [
    "app_id",
    "component",
    "success",
    "topic",
  ]),
  publishLatency: histogram("dapr_component_pubsub_egress_bulk_latencies", "Time of a bulk publish, in milliseconds.", [
    "app_id",
    "component",
    "success",
    "topic",
  ]),
  stateCalls: counter("dapr_component_state_count", "State store calls.", [
    "app_id",
    "component",
    "operation",
    "success",
  ]),
  componentInitFailed: counter("dapr_runtime_component_init_fail_total", "Components that failed to start.", [
    "app_id",
    "component",
    "reason",
    "componentName",
  ]),
  circuitState: gauge("dapr_resiliency_cb_state", "1 for the state a circuit breaker is in.", [
    "app_id",
    "name",
    "policy",
    "flow_direction",
    "target",
    "status",
  ]),
  resilienceActivations: counter("dapr_resiliency_activations_total", "How often a resiliency policy stepped in.", [
    "app_id",
    "name",
    "policy",
    "flow_direction",
    "target",
    "status",
  ]),
  jobsTriggered: counter("dapr_scheduler_jobs_triggered_total", "Jobs the scheduler rang."),
  jobsFailed: counter("dapr_scheduler_jobs_failed_total", "Jobs whose ringing failed."),
  sidecarsConnected: gauge("dapr_scheduler_sidecars_connected", "Sidecars connected to the scheduler."),
};

/** Platform metrics: Prometheus, Kubernetes, Argo CD, the broker, the operators of database and certificates. */
export const platform = {
  up: gauge("up", "1 when the last scrape of a target worked."),
  alerts: gauge("ALERTS", "Pending and firing alerts.", ["alertname", "alertstate", "severity"]),
  cpu: counter("container_cpu_usage_seconds_total", "CPU time of a container."),
  memory: gauge("container_memory_working_set_bytes", "Memory of a container that cannot be taken back."),
  restarts: counter("kube_pod_container_status_restarts_total", "Restarts of a container."),
  podReady: gauge("kube_pod_status_ready", "Whether a pod is ready.", ["condition"]),
  podInfo: gauge("kube_pod_info", "A pod.", ["created_by_kind"]),
  containerInfo: gauge("kube_pod_container_info", "A container of a pod."),
  volumeFree: gauge("kubelet_volume_stats_available_bytes", "Free bytes of a volume.", ["persistentvolumeclaim"]),
  volumeSize: gauge("kubelet_volume_stats_capacity_bytes", "Bytes of a volume.", ["persistentvolumeclaim"]),
  gitFetchFailures: counter("argocd_git_fetch_fail_total", "Git fetches that failed.", ["repo", "revision"]),
  gitRequests: counter("argocd_git_request_total", "Git requests.", ["repo", "request_type"]),
  appInfo: gauge("argocd_app_info", "An Argo CD Application.", [
    "name",
    "project",
    "sync_status",
    "health_status",
    "operation",
    "autosync_enabled",
  ]),
  appCondition: gauge("argocd_app_condition", "Conditions of an Argo CD Application.", [
    "name",
    "project",
    "condition",
  ]),
  appSyncs: counter("argocd_app_sync_total", "Syncs, by how they ended.", ["name", "project", "phase"]),
  grpcHandled: counter("grpc_server_handled_total", "gRPC calls a server has answered.", [
    "grpc_code",
    "grpc_method",
    "grpc_service",
    "grpc_type",
  ]),
  lastBackup: gauge(
    "barman_cloud_cloudnative_pg_io_last_available_backup_timestamp",
    "When the newest good backup was made.",
  ),
  archiveFailures: counter("cnpg_pg_stat_archiver_failed_count", "WAL files that could not be archived."),
  certificateExpiry: gauge("certmanager_certificate_expiration_timestamp_seconds", "When a certificate ends.", [
    "name",
  ]),
  certificateReady: gauge("certmanager_certificate_ready_status", "Whether a certificate is ready.", [
    "name",
    "condition",
  ]),
  brokerUnderReplicated: gauge("redpanda_kafka_under_replicated_replicas", "Replicas of a partition that lag behind.", [
    "redpanda_topic",
    "redpanda_partition",
  ]),
  brokerBytes: counter("redpanda_kafka_request_bytes_total", "Bytes produced and consumed.", [
    "redpanda_topic",
    "redpanda_request",
  ]),
  brokerDiskFree: gauge("redpanda_storage_disk_free_bytes", "Free bytes of the broker's disk."),
  brokerDisk: gauge("redpanda_storage_disk_total_bytes", "Bytes of the broker's disk."),
};

/** Series recorded by our rules, used by alerts and dashboards. */
export const recorded = {
  errorRatio5m: gauge(
    "carillon:http_errors:ratio_rate5m",
    "Share of requests answered with a server's error, 5 minutes.",
  ),
  errorRatio30m: gauge("carillon:http_errors:ratio_rate30m", "The same over half an hour."),
  errorRatio1h: gauge("carillon:http_errors:ratio_rate1h", "The same over an hour."),
  errorRatio6h: gauge("carillon:http_errors:ratio_rate6h", "The same over six hours."),
  requests1h: gauge("carillon:http_requests:increase1h", "Requests of people and programs within an hour."),
  slowRatio5m: gauge("carillon:http_slow:ratio_rate5m", "Share of requests slower than 500 ms, 5 minutes."),
  slowRatio1h: gauge("carillon:http_slow:ratio_rate1h", "The same over an hour."),
};

export const foreign: readonly Metric[] = [processes, dapr, platform, recorded].flatMap((group): Metric[] =>
  Object.values(group),
);

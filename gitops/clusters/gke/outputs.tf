output "environment" {
  description = "What gitops/envs/gke-prod/settings.yaml says under `environment`."
  value = {
    project                = var.project
    clusterLocation        = google_container_cluster.this.location
    clusterName            = google_container_cluster.this.name
    vaultServiceAccount    = google_service_account.vault_reader.email
    databaseServiceAccount = google_service_account.database.email
    backupPath             = "gs://${google_storage_bucket.backups.name}/"
    gatewayAddress         = google_compute_address.gateway.address
  }
}

output "name_servers" {
  description = "Name servers to set at the domain's registrar."
  value       = google_dns_managed_zone.this.name_servers
}

output "release_identity" {
  description = "Variables of the GitHub environment gke-prod."
  value = {
    GCP_PROJECT                    = var.project
    GCP_SERVICE_ACCOUNT            = google_service_account.release.email
    GCP_WORKLOAD_IDENTITY_PROVIDER = google_iam_workload_identity_pool_provider.github.name
    GKE_CLUSTER                    = google_container_cluster.this.name
    GKE_LOCATION                   = google_container_cluster.this.location
  }
}

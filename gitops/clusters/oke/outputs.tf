output "environment" {
  description = "What gitops/envs/oke-*/settings.yaml says under `environment`."
  value = {
    vaultId        = oci_kms_vault.this.id
    region         = var.region
    backupPath     = "s3://${oci_objectstorage_bucket.backups.name}/"
    gatewayAddress = oci_core_public_ip.gateway.ip_address
    balancerGroup  = oci_core_network_security_group.this["balancer"].id
    backupEndpoint = "https://${data.oci_objectstorage_namespace.this.namespace}.compat.objectstorage.${var.region}.oraclecloud.com"
  }
}

output "name_servers" {
  description = "Name servers to set at the domain's registrar."
  value       = [for server in oci_dns_zone.this.nameservers : server.hostname]
}

output "release_identity" {
  description = "Variables of the GitHub environments oke-staging and oke-prod."
  value = {
    OCI_REGION  = var.region
    OCI_TENANCY = var.tenancy
    OKE_CLUSTER = oci_containerengine_cluster.this.id
  }
}

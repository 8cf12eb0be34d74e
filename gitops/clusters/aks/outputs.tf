output "environment" {
  description = "What gitops/envs/aks-prod/settings.yaml says under `environment`."
  value = {
    vaultUrl         = trimsuffix(azurerm_key_vault.this.vault_uri, "/")
    tenantId         = data.azurerm_client_config.this.tenant_id
    vaultClientId    = azurerm_user_assigned_identity.pod["vault-reader"].client_id
    databaseClientId = azurerm_user_assigned_identity.pod["postgres"].client_id
    gatewayAddress   = azurerm_public_ip.gateway.ip_address
    backupPath       = "${azurerm_storage_account.backups.primary_blob_endpoint}${azurerm_storage_container.postgres.name}"
  }
}

output "name_servers" {
  description = "Name servers to set at the domain's registrar."
  value       = azurerm_dns_zone.this.name_servers
}

output "release_identity" {
  description = "Variables of the GitHub environment aks-prod, and the object that the RoleBinding `release` names."
  value = {
    AZURE_CLIENT_ID       = azuread_application.release.client_id
    AZURE_TENANT_ID       = data.azurerm_client_config.this.tenant_id
    AZURE_SUBSCRIPTION_ID = var.subscription
    AKS_RESOURCE_GROUP    = azurerm_resource_group.this.name
    AKS_CLUSTER           = azurerm_kubernetes_cluster.this.name
    object_id             = azuread_service_principal.release.object_id
  }
}

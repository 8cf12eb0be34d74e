data "azurerm_client_config" "this" {}

# Secrets are added by hand (`az keyvault secret set`) and never part of the state.
resource "azurerm_key_vault" "this" {
  name                          = "${var.name}-prod"
  resource_group_name           = azurerm_resource_group.this.name
  location                      = var.location
  tenant_id                     = data.azurerm_client_config.this.tenant_id
  sku_name                      = "standard"
  rbac_authorization_enabled    = true
  purge_protection_enabled      = true
  soft_delete_retention_days    = 30
  public_network_access_enabled = true

  network_acls {
    default_action             = "Deny"
    bypass                     = "AzureServices"
    ip_rules                   = var.operators
    virtual_network_subnet_ids = [azurerm_subnet.machines.id]
  }
}

# Cluster administrators write secrets; creating the vault grants no access to them.
resource "azurerm_role_assignment" "administrators" {
  scope                = azurerm_key_vault.this.id
  role_definition_name = "Key Vault Secrets Officer"
  principal_id         = var.administrators
}

resource "azurerm_storage_account" "backups" {
  name                            = "${var.name}prodbackups"
  resource_group_name             = azurerm_resource_group.this.name
  location                        = var.location
  account_tier                    = "Standard"
  account_replication_type        = "ZRS"
  min_tls_version                 = "TLS1_2"
  shared_access_key_enabled       = false
  allow_nested_items_to_be_public = false
  default_to_oauth_authentication = true

  blob_properties {
    versioning_enabled = true

    # Barman deletes backups after thirty days; deletions can be undone for a week.
    delete_retention_policy {
      days = 7
    }
    container_delete_retention_policy {
      days = 7
    }
  }

  network_rules {
    default_action             = "Deny"
    bypass                     = ["AzureServices"]
    ip_rules                   = [for cidr in var.operators : trimsuffix(cidr, "/32")]
    virtual_network_subnet_ids = [azurerm_subnet.machines.id]
  }
}

resource "azurerm_storage_container" "postgres" {
  name                  = "postgres"
  storage_account_id    = azurerm_storage_account.backups.id
  container_access_type = "private"
}

# Workload identities: external-secrets reads the vault as carillon/vault-reader, the database writes backups as carillon/postgres.
locals {
  pods = {
    vault-reader = { role = "Key Vault Secrets User", scope = azurerm_key_vault.this.id }
    postgres     = { role = "Storage Blob Data Contributor", scope = azurerm_storage_account.backups.id }
  }
}

resource "azurerm_user_assigned_identity" "pod" {
  for_each            = local.pods
  name                = "${var.name}-${each.key}"
  resource_group_name = azurerm_resource_group.this.name
  location            = var.location
}

resource "azurerm_federated_identity_credential" "pod" {
  for_each            = local.pods
  name                = each.key
  resource_group_name = azurerm_resource_group.this.name
  parent_id           = azurerm_user_assigned_identity.pod[each.key].id
  audience            = ["api://AzureADTokenExchange"]
  issuer              = azurerm_kubernetes_cluster.this.oidc_issuer_url
  subject             = "system:serviceaccount:carillon:${each.key}"
}

resource "azurerm_role_assignment" "pod" {
  for_each             = local.pods
  scope                = each.value.scope
  role_definition_name = each.value.role
  principal_id         = azurerm_user_assigned_identity.pod[each.key].principal_id
}

# The release workflow signs in by GitHub OIDC; only jobs of the protected environment aks-prod are trusted.
resource "azuread_application" "release" {
  display_name = "${var.name} release workflow"
}

resource "azuread_service_principal" "release" {
  client_id = azuread_application.release.client_id
}

resource "azuread_application_federated_identity_credential" "release" {
  application_id = azuread_application.release.id
  display_name   = "aks-prod"
  audiences      = ["api://AzureADTokenExchange"]
  issuer         = "https://token.actions.githubusercontent.com"
  subject        = "repo:${var.repository}:environment:aks-prod"
}

# May read the cluster's address; its permissions in the cluster are the Role `release` (argocd/install).
resource "azurerm_role_assignment" "release" {
  scope                = azurerm_kubernetes_cluster.this.id
  role_definition_name = "Azure Kubernetes Service Cluster User Role"
  principal_id         = azuread_service_principal.release.object_id
}

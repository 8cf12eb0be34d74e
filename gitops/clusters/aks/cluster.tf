resource "azurerm_user_assigned_identity" "cluster" {
  name                = "${var.name}-cluster"
  resource_group_name = azurerm_resource_group.this.name
  location            = var.location
}

# The cluster creates load balancers in its own subnet.
resource "azurerm_role_assignment" "network" {
  scope                = azurerm_subnet.machines.id
  role_definition_name = "Network Contributor"
  principal_id         = azurerm_user_assigned_identity.cluster.principal_id
}

resource "azurerm_log_analytics_workspace" "this" {
  name                = var.name
  resource_group_name = azurerm_resource_group.this.name
  location            = var.location
  retention_in_days   = 30
}

resource "azurerm_kubernetes_cluster" "this" {
  name                      = var.name
  resource_group_name       = azurerm_resource_group.this.name
  location                  = var.location
  dns_prefix                = var.name
  sku_tier                  = "Standard"
  automatic_upgrade_channel = "patch"
  node_os_upgrade_channel   = "NodeImage"
  local_account_disabled    = true
  azure_policy_enabled      = true

  # Workload identity: the cluster stores no key.
  oidc_issuer_enabled       = true
  workload_identity_enabled = true

  default_node_pool {
    name                         = "machines"
    vm_size                      = var.machine_type
    vnet_subnet_id               = azurerm_subnet.machines.id
    zones                        = ["1", "2", "3"]
    auto_scaling_enabled         = true
    min_count                    = var.machines.min
    max_count                    = var.machines.max
    max_pods                     = 60
    os_disk_size_gb              = 64
    os_sku                       = "AzureLinux"
    host_encryption_enabled      = var.host_encryption
    only_critical_addons_enabled = false
    temporary_name_for_rotation  = "rotating"

    upgrade_settings {
      max_surge = "33%"
    }
  }

  identity {
    type         = "UserAssigned"
    identity_ids = [azurerm_user_assigned_identity.cluster.id]
  }

  azure_active_directory_role_based_access_control {
    azure_rbac_enabled     = false
    admin_group_object_ids = [var.administrators]
  }

  api_server_access_profile {
    authorized_ip_ranges = var.operators
  }

  network_profile {
    network_plugin      = "azure"
    network_plugin_mode = "overlay"
    network_data_plane  = "cilium"
    network_policy      = "cilium"
    pod_cidr            = "10.244.0.0/16"
    load_balancer_sku   = "standard"
  }

  key_vault_secrets_provider {
    secret_rotation_enabled = true
  }

  oms_agent {
    log_analytics_workspace_id      = azurerm_log_analytics_workspace.this.id
    msi_auth_for_monitoring_enabled = true
  }

  depends_on = [azurerm_role_assignment.network]
}

data "oci_identity_availability_domains" "all" {
  compartment_id = var.tenancy
}

# A basic cluster by default: its control plane is free.
resource "oci_containerengine_cluster" "this" {
  compartment_id     = var.compartment
  vcn_id             = oci_core_vcn.this.id
  name               = var.name
  kubernetes_version = var.kubernetes_version
  type               = var.cluster_type

  endpoint_config {
    is_public_ip_enabled = true
    subnet_id            = oci_core_subnet.this["api"].id
    nsg_ids              = [oci_core_network_security_group.this["api"].id]
  }

  options {
    service_lb_subnet_ids = [oci_core_subnet.this["balancer"].id]

    kubernetes_network_config {
      pods_cidr     = "10.20.0.0/16"
      services_cidr = "10.30.0.0/16"
    }
  }
}

resource "oci_containerengine_node_pool" "this" {
  compartment_id     = var.compartment
  cluster_id         = oci_containerengine_cluster.this.id
  name               = "machines"
  kubernetes_version = var.kubernetes_version
  node_shape         = "VM.Standard.A1.Flex"

  node_shape_config {
    ocpus         = var.machines.ocpus
    memory_in_gbs = var.machines.memory_gb
  }

  node_source_details {
    source_type             = "IMAGE"
    image_id                = var.machine_image
    boot_volume_size_in_gbs = var.machines.boot_volume_gb
  }

  node_config_details {
    size                                = var.machines.count
    nsg_ids                             = [oci_core_network_security_group.this["machines"].id]
    is_pv_encryption_in_transit_enabled = true

    dynamic "placement_configs" {
      for_each = data.oci_identity_availability_domains.all.availability_domains
      content {
        availability_domain = placement_configs.value.name
        subnet_id           = oci_core_subnet.this["machines"].id
      }
    }
  }

  node_eviction_node_pool_settings {
    eviction_grace_duration = "PT10M"
  }
}

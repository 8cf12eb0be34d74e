variable "tenancy" {
  description = "OCID of the tenancy."
  type        = string
}

variable "compartment" {
  description = "OCID of the compartment that holds everything."
  type        = string
}

variable "region" {
  description = "Home region: always-free machines exist only there."
  type        = string
  default     = "eu-frankfurt-1"
}

variable "name" {
  description = "Name of the cluster and prefix of every other name; one per environment."
  type        = string
  default     = "carillon"

  validation {
    condition     = can(regex("^[a-z][a-z0-9-]{1,20}$", var.name))
    error_message = "Lower-case letters, digits and hyphens, at most 21."
  }
}

variable "domain" {
  description = "Domain of the product, without a trailing dot."
  type        = string
}

variable "operators" {
  description = "Networks (CIDR) that may reach the API server. GitHub's runners have no fixed addresses, so a release from there needs a proxy or a wide range."
  type        = list(string)

  validation {
    condition     = alltrue([for cidr in var.operators : can(cidrhost(cidr, 0))])
    error_message = "Networks in CIDR notation."
  }
}

variable "kubernetes_version" {
  description = "Version of the control plane and of the machines."
  type        = string
  default     = "v1.34.1"
}

variable "machine_image" {
  description = "OCID of the OKE image for ARM (aarch64) of that version and region (`oci ce node-pool-options get --node-pool-option-id all`)."
  type        = string
}

variable "cluster_type" {
  description = "BASIC_CLUSTER is free and has no workload identity: external-secrets uses the machines' identity (the overlay's default). ENHANCED_CLUSTER is charged; with it, list overlays/oke/workload-identity in the environment."
  type        = string
  default     = "BASIC_CLUSTER"

  validation {
    condition     = contains(["BASIC_CLUSTER", "ENHANCED_CLUSTER"], var.cluster_type)
    error_message = "BASIC_CLUSTER or ENHANCED_CLUSTER."
  }
}

variable "always_free" {
  description = "Reject machines that are charged. The free quota is per tenancy: a second environment needs another tenancy, or false."
  type        = bool
  default     = true
}

variable "machines" {
  description = "Number and size of machines. The default is the whole always-free quota: 4 OCPU and 24 GB."
  type = object({
    count          = number
    ocpus          = number
    memory_gb      = number
    boot_volume_gb = number
  })
  default = { count = 2, ocpus = 2, memory_gb = 12, boot_volume_gb = 50 }

  validation {
    condition     = !var.always_free || (var.machines.count * var.machines.ocpus <= 4 && var.machines.count * var.machines.memory_gb <= 24)
    error_message = "More than 4 OCPU or 24 GB is not free: set always_free = false to pay."
  }
}

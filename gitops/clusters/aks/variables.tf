variable "subscription" {
  description = "Id of the billed subscription."
  type        = string
}

variable "location" {
  description = "Region with three availability zones."
  type        = string
  default     = "westeurope"
}

variable "name" {
  description = "Name of the cluster and prefix of every other name."
  type        = string
  default     = "carillon"

  validation {
    condition     = can(regex("^[a-z][a-z0-9]{1,12}$", var.name))
    error_message = "Lower-case letters and digits, at most 13: the storage account's name adds eleven, and 24 is Azure's limit."
  }
}

variable "domain" {
  description = "Domain of the product, without a trailing dot."
  type        = string
}

variable "operators" {
  description = "Networks (CIDR) that may reach the API server and the vault."
  type        = list(string)

  validation {
    condition     = alltrue([for cidr in var.operators : can(cidrhost(cidr, 0)) && cidr != "0.0.0.0/0"])
    error_message = "Networks in CIDR notation, and not the whole internet."
  }
}

variable "administrators" {
  description = "Object id of the Entra group whose members administer the cluster."
  type        = string
}

variable "machine_type" {
  description = "Machine type."
  type        = string
  default     = "Standard_D4as_v5"
}

variable "machines" {
  description = "Minimum and maximum number of machines over three zones."
  type = object({
    min = number
    max = number
  })
  default = { min = 3, max = 9 }
}

variable "host_encryption" {
  description = "Encrypt the machines' local disks. The subscription needs the feature: `az feature register --namespace Microsoft.Compute --name EncryptionAtHost`."
  type        = bool
  default     = true
}

variable "repository" {
  description = "GitHub repository (owner/name) whose release workflow may sign in."
  type        = string
  default     = "carillon-app/carillon"
}

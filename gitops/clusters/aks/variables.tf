variable "subscription" {
  description = "Id of the subscription that pays."
  type        = string
}

variable "location" {
  description = "Region; one that has three zones."
  type        = string
  default     = "westeurope"
}

variable "name" {
  description = "Name of the cluster, and the beginning of every other name."
  type        = string
  default     = "carillon"

  validation {
    condition     = can(regex("^[a-z][a-z0-9]{1,12}$", var.name))
    error_message = "Small letters and digits, at most 13: a storage account is called by it and eleven more of 24."
  }
}

variable "domain" {
  description = "Domain under which the product answers, without a final dot."
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
  description = "Kind of machine."
  type        = string
  default     = "Standard_D4as_v5"
}

variable "machines" {
  description = "Fewest and most machines, spread over three zones."
  type = object({
    min = number
    max = number
  })
  default = { min = 3, max = 9 }
}

variable "host_encryption" {
  description = "Encrypt the machines' own disks, too. The subscription must have the feature first: `az feature register --namespace Microsoft.Compute --name EncryptionAtHost`."
  type        = bool
  default     = true
}

variable "repository" {
  description = "GitHub repository (owner/name) whose release workflow may sign in."
  type        = string
  default     = "carillon-app/carillon"
}

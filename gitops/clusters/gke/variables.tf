variable "project" {
  description = "Google Cloud project that holds everything."
  type        = string
}

variable "region" {
  description = "Region of the cluster; its machines run in three of its zones."
  type        = string
  default     = "europe-west3"
}

variable "name" {
  description = "Name of the cluster and prefix of every other name."
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
  description = "Networks (CIDR) that may reach the API server, by name."
  type        = map(string)

  validation {
    condition     = alltrue([for cidr in values(var.operators) : can(cidrhost(cidr, 0)) && cidr != "0.0.0.0/0"])
    error_message = "Networks in CIDR notation, and not the whole internet."
  }
}

variable "machine_type" {
  description = "Machine type; one machine in each zone initially."
  type        = string
  default     = "e2-standard-4"
}

variable "machines_per_zone" {
  description = "Minimum and maximum number of machines per zone."
  type = object({
    min = number
    max = number
  })
  default = { min = 1, max = 3 }
}

variable "repository" {
  description = "GitHub repository (owner/name) whose release workflow may sign in."
  type        = string
  default     = "carillon-app/carillon"
}

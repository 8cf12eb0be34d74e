terraform {
  required_version = ">= 1.9.0, < 2.0.0"

  required_providers {
    google = {
      source  = "hashicorp/google"
      version = "7.12.0"
    }
  }

  # The state's location is passed to `init`: -backend-config="bucket=…"
  backend "gcs" {
    prefix = "carillon"
  }
}

provider "google" {
  project = var.project
  region  = var.region
}

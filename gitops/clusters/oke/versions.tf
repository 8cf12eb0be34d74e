terraform {
  required_version = ">= 1.9.0, < 2.0.0"

  required_providers {
    oci = {
      source  = "oracle/oci"
      version = "7.27.0"
    }
  }

  # Object storage speaks S3; bucket, endpoint and keys are passed to `init`: -backend-config="bucket=…" and so on.
  backend "s3" {
    key                         = "carillon.tfstate"
    use_path_style              = true
    skip_credentials_validation = true
    skip_metadata_api_check     = true
    skip_region_validation      = true
    skip_requesting_account_id  = true
    skip_s3_checksum            = true
  }
}

provider "oci" {
  region = var.region
}

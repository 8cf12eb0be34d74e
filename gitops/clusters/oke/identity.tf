# What is in it is written by hand (`oci vault secret create-base64`) and never seen by this state.
resource "oci_kms_vault" "this" {
  compartment_id = var.compartment
  display_name   = var.name
  vault_type     = "DEFAULT"

  lifecycle {
    prevent_destroy = true
  }
}

resource "oci_kms_key" "this" {
  compartment_id      = var.compartment
  display_name        = var.name
  management_endpoint = oci_kms_vault.this.management_endpoint
  # Kept in software: always free.
  protection_mode = "SOFTWARE"

  key_shape {
    algorithm = "AES"
    length    = 32
  }

  lifecycle {
    prevent_destroy = true
  }
}

data "oci_objectstorage_namespace" "this" {
  compartment_id = var.compartment
}

resource "oci_objectstorage_bucket" "backups" {
  compartment_id = var.compartment
  namespace      = data.oci_objectstorage_namespace.this.namespace
  name           = "${var.name}-backups"
  access_type    = "NoPublicAccess"
  # What Barman removed by mistake can be had back.
  versioning = "Enabled"
  kms_key_id = oci_kms_key.this.id

  # Object storage must be allowed to use the key before a bucket can name it.
  depends_on = [oci_identity_policy.encryption]
}

# Apart from the cluster's policies, which wait for the cluster.
resource "oci_identity_policy" "encryption" {
  compartment_id = var.compartment
  name           = "${var.name}-encryption"
  description    = "Object storage encrypts backups with our key."
  statements = [
    "Allow service objectstorage-${var.region} to use keys in compartment id ${var.compartment} where target.key.id = '${oci_kms_key.this.id}'",
  ]
}

# external-secrets reads the vault as the workload carillon/vault-reader. Workload identity wants an enhanced cluster; on a basic one the
# machines themselves are believed instead, which is wider: everything that runs on them.
resource "oci_identity_dynamic_group" "machines" {
  compartment_id = var.tenancy
  name           = "${var.name}-machines"
  description    = "Machines of ${var.name}"
  matching_rule  = "ALL {instance.compartment.id = '${var.compartment}'}"
}

resource "oci_identity_policy" "vault" {
  compartment_id = var.compartment
  name           = "${var.name}-vault"
  description    = "Who may read secrets."
  statements = [
    join(" ", [
      "Allow any-user to read secret-bundles in compartment id ${var.compartment} where all {",
      "request.principal.type = 'workload', request.principal.namespace = 'carillon', request.principal.service_account = 'vault-reader',",
      "request.principal.cluster_id = '${oci_containerengine_cluster.this.id}', target.vault.id = '${oci_kms_vault.this.id}'}",
    ]),
    join(" ", [
      "Allow dynamic-group ${oci_identity_dynamic_group.machines.name} to read secret-bundles in compartment id ${var.compartment}",
      "where target.vault.id = '${oci_kms_vault.this.id}'",
    ]),
  ]
}

# The database writes copies through the S3 door, which knows keys only: a user of its own that may use this one bucket.
resource "oci_identity_user" "backups" {
  compartment_id = var.tenancy
  name           = "${var.name}-backups"
  description    = "Writes the database's copies; its customer secret key is made by hand and put into the vault."
}

resource "oci_identity_group" "backups" {
  compartment_id = var.tenancy
  name           = "${var.name}-backups"
  description    = "May use the bucket of backups."
}

resource "oci_identity_user_group_membership" "backups" {
  group_id = oci_identity_group.backups.id
  user_id  = oci_identity_user.backups.id
}

resource "oci_identity_policy" "backups" {
  compartment_id = var.compartment
  name           = "${var.name}-backups"
  description    = "One bucket, its objects."
  statements = [
    join(" ", [
      "Allow group ${oci_identity_group.backups.name} to manage objects in compartment id ${var.compartment}",
      "where target.bucket.name = '${oci_objectstorage_bucket.backups.name}'",
    ]),
    join(" ", [
      "Allow group ${oci_identity_group.backups.name} to read buckets in compartment id ${var.compartment}",
      "where target.bucket.name = '${oci_objectstorage_bucket.backups.name}'",
    ]),
  ]
}

# The release workflow comes with GitHub's word, which the identity domain exchanges for a session (docs/ci-cd.md); this is what it may.
resource "oci_identity_group" "release" {
  compartment_id = var.tenancy
  name           = "${var.name}-release"
  description    = "Release workflow: may ask for the cluster's address and a token."
}

resource "oci_identity_policy" "release" {
  compartment_id = var.compartment
  name           = "${var.name}-release"
  description    = "What it may do inside is the Role `release` (argocd/install)."
  statements = [
    "Allow group ${oci_identity_group.release.name} to use clusters in compartment id ${var.compartment}",
  ]
}

# Secrets are added by hand (`oci vault secret create-base64`) and never part of the state.
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
  # Software-protected key: always free.
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
  # Versioning: deletions by Barman can be undone.
  versioning = "Enabled"
  kms_key_id = oci_kms_key.this.id

  # Object storage needs permission for the key before a bucket can use it.
  depends_on = [oci_identity_policy.encryption]
}

# Separate from the cluster's policies, which depend on the cluster.
resource "oci_identity_policy" "encryption" {
  compartment_id = var.compartment
  name           = "${var.name}-encryption"
  description    = "Object storage encrypts backups with our key."
  statements = [
    "Allow service objectstorage-${var.region} to use keys in compartment id ${var.compartment} where target.key.id = '${oci_kms_key.this.id}'",
  ]
}

# external-secrets reads the vault as the workload carillon/vault-reader. Workload identity requires an enhanced cluster; on a basic one
# the machines' identity is used, which covers every pod on them.
resource "oci_identity_dynamic_group" "machines" {
  compartment_id = var.tenancy
  name           = "${var.name}-machines"
  description    = "Machines of ${var.name}"
  matching_rule  = "ALL {instance.compartment.id = '${var.compartment}'}"
}

resource "oci_identity_policy" "vault" {
  compartment_id = var.compartment
  name           = "${var.name}-vault"
  description    = "Read access to secrets."
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

# The database writes backups through the S3 API, which needs a key: a user with access to this bucket only.
resource "oci_identity_user" "backups" {
  compartment_id = var.tenancy
  name           = "${var.name}-backups"
  description    = "Writes the database's backups; its customer secret key is created by hand and stored in the vault."
}

resource "oci_identity_group" "backups" {
  compartment_id = var.tenancy
  name           = "${var.name}-backups"
  description    = "Access to the backup bucket."
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

# The release workflow signs in with a GitHub OIDC token, which the identity domain exchanges for a session (docs/ci-cd.md); its permissions.
resource "oci_identity_group" "release" {
  compartment_id = var.tenancy
  name           = "${var.name}-release"
  description    = "Release workflow: may read the cluster's address and get a token."
}

resource "oci_identity_policy" "release" {
  compartment_id = var.compartment
  name           = "${var.name}-release"
  description    = "Its permissions in the cluster are the Role `release` (argocd/install)."
  statements = [
    "Allow group ${oci_identity_group.release.name} to use clusters in compartment id ${var.compartment}",
  ]
}

# Creates empty secrets; versions are added by hand (`gcloud secrets versions add`) and never part of the state.
resource "google_secret_manager_secret" "this" {
  for_each  = toset(["carillon-tokens", "carillon-database", "carillon-mail", "carillon-kafka", "carillon-registry"])
  secret_id = each.value

  replication {
    user_managed {
      replicas {
        location = var.region
      }
    }
  }
}

# external-secrets reads only these, as carillon/vault-reader.
resource "google_service_account" "vault_reader" {
  account_id   = "vault-reader"
  display_name = "external-secrets in ${var.name}"
}

resource "google_secret_manager_secret_iam_member" "vault_reader" {
  for_each  = google_secret_manager_secret.this
  secret_id = each.value.id
  role      = "roles/secretmanager.secretAccessor"
  member    = google_service_account.vault_reader.member
}

resource "google_service_account_iam_member" "vault_reader" {
  service_account_id = google_service_account.vault_reader.name
  role               = "roles/iam.workloadIdentityUser"
  member             = "serviceAccount:${var.project}.svc.id.goog[carillon/vault-reader]"
}

# The database's pods write backups and logs as carillon/postgres.
resource "google_service_account" "database" {
  account_id   = "database"
  display_name = "Backups of ${var.name}"
}

resource "google_service_account_iam_member" "database" {
  service_account_id = google_service_account.database.name
  role               = "roles/iam.workloadIdentityUser"
  member             = "serviceAccount:${var.project}.svc.id.goog[carillon/postgres]"
}

resource "google_storage_bucket" "backups" {
  name                        = "${var.project}-${var.name}-backups"
  location                    = var.region
  uniform_bucket_level_access = true
  public_access_prevention    = "enforced"

  versioning {
    enabled = true
  }

  # Barman deletes backups after thirty days; deletions can be undone for a week.
  lifecycle_rule {
    condition {
      days_since_noncurrent_time = 7
    }
    action {
      type = "Delete"
    }
  }
}

resource "google_storage_bucket_iam_member" "database" {
  bucket = google_storage_bucket.backups.name
  role   = "roles/storage.objectUser"
  member = google_service_account.database.member
}

# Barman checks that the bucket exists, which the role above does not allow.
resource "google_storage_bucket_iam_member" "database_looks" {
  bucket = google_storage_bucket.backups.name
  role   = "roles/storage.legacyBucketReader"
  member = google_service_account.database.member
}

# The release workflow signs in by GitHub OIDC; only jobs of this repository's protected environments are trusted.
resource "google_iam_workload_identity_pool" "github" {
  workload_identity_pool_id = "github"
}

resource "google_iam_workload_identity_pool_provider" "github" {
  workload_identity_pool_id          = google_iam_workload_identity_pool.github.workload_identity_pool_id
  workload_identity_pool_provider_id = "github"
  attribute_condition                = "assertion.repository == '${var.repository}' && assertion.environment == 'gke-prod'"

  attribute_mapping = {
    "google.subject"       = "assertion.sub"
    "attribute.repository" = "assertion.repository"
  }

  oidc {
    issuer_uri = "https://token.actions.githubusercontent.com"
  }
}

resource "google_service_account" "release" {
  account_id   = "release"
  display_name = "Release workflow"
}

resource "google_service_account_iam_member" "release" {
  service_account_id = google_service_account.release.name
  role               = "roles/iam.workloadIdentityUser"
  member             = "principalSet://iam.googleapis.com/${google_iam_workload_identity_pool.github.name}/attribute.repository/${var.repository}"
}

# May read the cluster's address and get a token; its permissions in the cluster are the Role `release` (argocd/install).
resource "google_project_iam_member" "release" {
  project = var.project
  role    = "roles/container.clusterViewer"
  member  = google_service_account.release.member
}

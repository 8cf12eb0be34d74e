# The secrets exist from here on; what is in them is written by hand (`gcloud secrets versions add`) and never seen by this state.
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

# external-secrets reads these as carillon/vault-reader, and nothing else.
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

# The database's pods write copies and logs as carillon/postgres.
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

  # Barman removes what is older than thirty days; what it removed by mistake can be had back for a week.
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

# Barman asks whether the bucket is there before it writes, which the role above does not allow.
resource "google_storage_bucket_iam_member" "database_looks" {
  bucket = google_storage_bucket.backups.name
  role   = "roles/storage.legacyBucketReader"
  member = google_service_account.database.member
}

# The release workflow signs in by GitHub's word; only jobs of the protected environments of this repository are believed.
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

# May ask for the cluster's address and a token; what it may do inside is the Role `release` (argocd/install).
resource "google_project_iam_member" "release" {
  project = var.project
  role    = "roles/container.clusterViewer"
  member  = google_service_account.release.member
}

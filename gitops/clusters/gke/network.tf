resource "google_compute_network" "this" {
  name                    = var.name
  auto_create_subnetworks = false
  depends_on              = [google_project_service.this]
}

resource "google_compute_subnetwork" "this" {
  name                     = var.name
  network                  = google_compute_network.this.id
  region                   = var.region
  ip_cidr_range            = "10.10.0.0/20"
  private_ip_google_access = true

  secondary_ip_range {
    range_name    = "pods"
    ip_cidr_range = "10.20.0.0/16"
  }

  secondary_ip_range {
    range_name    = "services"
    ip_cidr_range = "10.30.0.0/20"
  }

  log_config {
    aggregation_interval = "INTERVAL_10_MIN"
    flow_sampling        = 0.1
    metadata             = "INCLUDE_ALL_METADATA"
  }
}

# The API server calls webhooks and metrics in the cluster; with private machines Google allows only ports 443 and 10250. Dapr's
# injector 4000 and operator 19443, CloudNativePG and KEDA 9443, KEDA's metrics 6443, Envoy Gateway 9443.
resource "google_compute_firewall" "webhooks" {
  name          = "${var.name}-webhooks"
  network       = google_compute_network.this.id
  direction     = "INGRESS"
  source_ranges = [google_container_cluster.this.private_cluster_config[0].master_ipv4_cidr_block]
  target_tags   = [local.machine_tag]

  allow {
    protocol = "tcp"
    ports    = ["4000", "6443", "9443", "19443"]
  }
}

locals {
  machine_tag = "${var.name}-machines"
}

# The product's reserved address: DNS points to it from the first apply.
resource "google_compute_address" "gateway" {
  name       = "${var.name}-gateway"
  region     = var.region
  depends_on = [google_project_service.this]
}

# Machines have no public address; egress goes through NAT.
resource "google_compute_router" "this" {
  name    = var.name
  network = google_compute_network.this.id
  region  = var.region
}

resource "google_compute_router_nat" "this" {
  name                               = var.name
  router                             = google_compute_router.this.name
  region                             = var.region
  nat_ip_allocate_option             = "AUTO_ONLY"
  source_subnetwork_ip_ranges_to_nat = "ALL_SUBNETWORKS_ALL_IP_RANGES"
}

resource "google_dns_managed_zone" "this" {
  name        = var.name
  dns_name    = "${var.domain}."
  description = "Carillon"
  depends_on  = [google_project_service.this]

  dnssec_config {
    state = "on"
  }
}

resource "google_dns_record_set" "product" {
  managed_zone = google_dns_managed_zone.this.name
  name         = "${var.domain}."
  type         = "A"
  ttl          = 300
  rrdatas      = [google_compute_address.gateway.address]
}

locals {
  anywhere = "0.0.0.0/0"
}

resource "oci_core_vcn" "this" {
  compartment_id = var.compartment
  display_name   = var.name
  dns_label      = replace(var.name, "-", "")
  cidr_blocks    = ["10.10.0.0/16"]
}

resource "oci_core_internet_gateway" "this" {
  compartment_id = var.compartment
  vcn_id         = oci_core_vcn.this.id
  display_name   = var.name
}

resource "oci_core_nat_gateway" "this" {
  compartment_id = var.compartment
  vcn_id         = oci_core_vcn.this.id
  display_name   = var.name
}

data "oci_core_services" "all" {
  filter {
    name   = "name"
    values = ["All .* Services In Oracle Services Network"]
    regex  = true
  }
}

resource "oci_core_service_gateway" "this" {
  compartment_id = var.compartment
  vcn_id         = oci_core_vcn.this.id
  display_name   = var.name

  services {
    service_id = data.oci_core_services.all.services[0].id
  }
}

# Machines have no public address; the API server and the load balancer do.
resource "oci_core_route_table" "public" {
  compartment_id = var.compartment
  vcn_id         = oci_core_vcn.this.id
  display_name   = "public"

  route_rules {
    destination       = local.anywhere
    network_entity_id = oci_core_internet_gateway.this.id
  }
}

resource "oci_core_route_table" "private" {
  compartment_id = var.compartment
  vcn_id         = oci_core_vcn.this.id
  display_name   = "private"

  route_rules {
    destination       = local.anywhere
    network_entity_id = oci_core_nat_gateway.this.id
  }

  route_rules {
    destination       = data.oci_core_services.all.services[0].cidr_block
    destination_type  = "SERVICE_CIDR_BLOCK"
    network_entity_id = oci_core_service_gateway.this.id
  }
}

# The subnets' security lists are empty on purpose: the security groups below define all access.
resource "oci_core_security_list" "nothing" {
  compartment_id = var.compartment
  vcn_id         = oci_core_vcn.this.id
  display_name   = "nothing"

  lifecycle {
    # Oracle's controller adds rules for load balancers here; the next apply must not remove them.
    ignore_changes = [ingress_security_rules, egress_security_rules]
  }
}

# The product's reserved address: DNS points to it from the first apply.
resource "oci_core_public_ip" "gateway" {
  compartment_id = var.compartment
  display_name   = "${var.name}-gateway"
  lifetime       = "RESERVED"

  lifecycle {
    # Assigned to the load balancer.
    ignore_changes = [private_ip_id]
  }
}

resource "oci_core_subnet" "this" {
  for_each = {
    api      = { cidr = "10.10.0.0/28", public = true }
    balancer = { cidr = "10.10.1.0/24", public = true }
    machines = { cidr = "10.10.16.0/20", public = false }
  }
  compartment_id             = var.compartment
  vcn_id                     = oci_core_vcn.this.id
  display_name               = each.key
  dns_label                  = each.key
  cidr_block                 = each.value.cidr
  prohibit_public_ip_on_vnic = !each.value.public
  route_table_id             = each.value.public ? oci_core_route_table.public.id : oci_core_route_table.private.id
  security_list_ids          = [oci_core_security_list.nothing.id]
}

resource "oci_core_network_security_group" "this" {
  for_each       = toset(["api", "balancer", "machines"])
  compartment_id = var.compartment
  vcn_id         = oci_core_vcn.this.id
  display_name   = each.key
}

locals {
  # Ingress: source, and TCP ports or all traffic.
  edges = merge(
    { for cidr in var.operators : "operators ${cidr}" => { to = "api", cidr = cidr, ports = [6443] } },
    {
      "machines ask the api"                = { to = "api", from = "machines", ports = [6443, 12250] }
      "the api asks machines"               = { to = "machines", from = "api", ports = [] }
      "machines among themselves"           = { to = "machines", from = "machines", ports = [] }
      "the balancer reaches proxies"        = { to = "machines", from = "balancer", ports = [] }
      "internet, https"                     = { to = "balancer", cidr = "0.0.0.0/0", ports = [443] }
      "internet, http, redirected to https" = { to = "balancer", cidr = "0.0.0.0/0", ports = [80] }
    },
  )
  rules = merge([
    for name, edge in local.edges : {
      for port in length(edge.ports) == 0 ? [0] : edge.ports : "${name} ${port}" => merge({ from = null, cidr = null }, edge, { port = port })
    }
  ]...)
}

resource "oci_core_network_security_group_security_rule" "in" {
  for_each                  = local.rules
  network_security_group_id = oci_core_network_security_group.this[each.value.to].id
  description               = each.key
  direction                 = "INGRESS"
  protocol                  = each.value.port == 0 ? "all" : "6"
  source_type               = each.value.from == null ? "CIDR_BLOCK" : "NETWORK_SECURITY_GROUP"
  source                    = each.value.from == null ? each.value.cidr : oci_core_network_security_group.this[each.value.from].id

  dynamic "tcp_options" {
    for_each = each.value.port == 0 ? [] : [each.value.port]
    content {
      destination_port_range {
        min = tcp_options.value
        max = tcp_options.value
      }
    }
  }
}

resource "oci_core_network_security_group_security_rule" "out" {
  for_each                  = oci_core_network_security_group.this
  network_security_group_id = each.value.id
  description               = "out"
  direction                 = "EGRESS"
  protocol                  = "all"
  destination_type          = "CIDR_BLOCK"
  destination               = local.anywhere
}

resource "oci_dns_zone" "this" {
  compartment_id = var.compartment
  name           = var.domain
  zone_type      = "PRIMARY"
}

resource "oci_dns_rrset" "product" {
  zone_name_or_id = oci_dns_zone.this.id
  domain          = var.domain
  rtype           = "A"

  items {
    domain = var.domain
    rtype  = "A"
    ttl    = 300
    rdata  = oci_core_public_ip.gateway.ip_address
  }
}

# Topics, users and rules of Kafka, from the tables in tables.tf.json. `npm run topics` is not needed beside it.
terraform {
  required_version = ">= 1.5"
  required_providers {
    kafka = {
      source  = "Mongey/kafka"
      version = ">= 0.7"
    }
  }
}

variable "passwords" {
  description = "The password of each user of Kafka: stg, dds, cdm, topics, operator."
  type        = map(string)
  sensitive   = true
}

variable "replicas" {
  description = "Replicas of each topic. With fewer than 3 set min_insync_replicas to 1."
  type        = number
  default     = 3
}

variable "min_insync_replicas" {
  description = "Replicas that have to have a message before it counts as sent."
  type        = number
  default     = 2
}

resource "kafka_topic" "order_vault" {
  for_each           = local.topics
  name               = each.key
  partitions         = each.value.partitions
  replication_factor = var.replicas
  config             = merge(each.value.config, { "min.insync.replicas" = tostring(var.min_insync_replicas) })

  lifecycle {
    prevent_destroy = true
  }
}

resource "kafka_user_scram_credential" "order_vault" {
  for_each        = toset(local.users)
  username        = each.key
  scram_mechanism = "SCRAM-SHA-512"
  password        = var.passwords[each.key]
}

resource "kafka_acl" "order_vault" {
  for_each = {
    for right in local.rights : "${right.user}/${right.type}/${right.name}/${right.operation}" => right
  }
  resource_type                = each.value.type
  resource_name                = each.value.name
  resource_pattern_type_filter = each.value.pattern
  acl_principal                = "User:${each.value.user}"
  acl_host                     = "*"
  acl_operation                = each.value.operation
  acl_permission_type          = "Allow"
}

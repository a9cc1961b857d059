# Takes what exists into a state that knows nothing of it.
variable "plans" {
  description = "the id of each plan, by name"
  type        = map(string)
}

variable "selections" {
  description = "the id of each selection, by name"
  type        = map(string)
}

import {
  to = aws_backup_vault.daily
  id = "daily"
}

import {
  to = aws_backup_vault.forced
  id = "forced"
}

import {
  to = aws_backup_vault.keyed
  id = "keyed"
}

import {
  to = aws_backup_vault.deleted
  id = "deleted"
}

import {
  to = aws_backup_vault_policy.keyed
  id = "keyed"
}

import {
  to = aws_backup_vault_policy.deleted
  id = "deleted"
}

import {
  to = aws_backup_vault_lock_configuration.daily
  id = "daily"
}

import {
  to = aws_backup_vault_lock_configuration.keyed
  id = "keyed"
}

import {
  to = aws_backup_vault_lock_configuration.deleted
  id = "deleted"
}

import {
  to = aws_backup_vault_notifications.keyed
  id = "keyed"
}

import {
  to = aws_backup_vault_notifications.deleted
  id = "deleted"
}

import {
  to = aws_backup_plan.daily
  id = var.plans["backup_daily_30_days_retention"]
}

import {
  to = aws_backup_plan.whole
  id = var.plans["whole"]
}

import {
  to = aws_backup_plan.rules
  id = var.plans["rules"]
}

import {
  to = aws_backup_plan.named
  id = var.plans["second-name"]
}

import {
  to = aws_backup_plan.deleted
  id = var.plans["deleted"]
}

import {
  to = aws_backup_selection.tagged
  id = "${var.plans["backup_daily_30_days_retention"]}|${var.selections["tagged-backup-daily"]}"
}

import {
  to = aws_backup_selection.united
  id = "${var.plans["whole"]}|${var.selections["united"]}"
}

import {
  to = aws_backup_selection.conditions
  id = "${var.plans["whole"]}|${var.selections["conditions"]}"
}

import {
  to = aws_backup_selection.except
  id = "${var.plans["rules"]}|${var.selections["except"]}"
}

import {
  to = aws_backup_selection.deleted
  id = "${var.plans["rules"]}|${var.selections["deleted"]}"
}

import {
  to = aws_backup_region_settings.all
  id = "eu-west-1"
}

import {
  to = aws_backup_global_settings.all
  id = "111122223333"
}

# What the provider can do and this version of Coffer cannot. Each fails at apply.
resource "aws_backup_vault" "refused" {
  name = "refused"
}

resource "aws_backup_vault" "own_key" {
  name        = "own-key"
  kms_key_arn = "arn:aws:kms:eu-west-1:${data.aws_caller_identity.current.account_id}:key/1234abcd-12ab-34cd-56ef-1234567890ab"
}

resource "aws_backup_plan" "rate" {
  name = "rate"

  rule {
    rule_name         = "daily"
    target_vault_name = aws_backup_vault.refused.name
    schedule          = "rate(1 day)"
  }
}

resource "aws_backup_vault_policy" "of_no_vault" {
  backup_vault_name = "absent"

  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Deny"
      Principal = "*"
      Action    = "backup:DeleteBackupVault"
      Resource  = "*"
    }]
  })
}

resource "aws_backup_framework" "refused" {
  name = "refused"

  control {
    name = "BACKUP_RECOVERY_POINT_ENCRYPTED"
  }
}

resource "aws_backup_report_plan" "refused" {
  name = "refused"

  report_delivery_channel {
    formats        = ["CSV"]
    s3_bucket_name = "reports"
  }

  report_setting {
    report_template = "BACKUP_JOB_REPORT"
  }
}

resource "aws_backup_restore_testing_plan" "refused" {
  name                = "refused"
  schedule_expression = "cron(0 12 ? * * *)"

  recovery_point_selection {
    algorithm            = "LATEST_WITHIN_WINDOW"
    include_vaults       = ["*"]
    recovery_point_types = ["SNAPSHOT"]
  }
}

resource "aws_backup_logically_air_gapped_vault" "refused" {
  name               = "refused-air-gapped"
  min_retention_days = 7
  max_retention_days = 30
}

resource "aws_backup_global_settings" "refused" {
  global_settings = {
    "isMpaEnabled" = "true"
  }
}

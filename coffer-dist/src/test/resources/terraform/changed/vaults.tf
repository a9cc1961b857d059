# A vault that goes with all that is in it.
resource "aws_backup_vault" "forced" {
  name          = "forced"
  force_destroy = true

  tags = {
    team  = "archive"
    owner = "ops"
  }
}

# A vault under a key that is named: the one of the vault Default.
data "aws_backup_vault" "default" {
  name = "Default"
}

resource "aws_backup_vault" "keyed" {
  name        = "keyed"
  kms_key_arn = data.aws_backup_vault.default.kms_key_arn
}

# Somebody deletes this one by hand.
resource "aws_backup_vault" "deleted" {
  name = "deleted"
}

resource "aws_backup_vault_policy" "deleted" {
  backup_vault_name = aws_backup_vault.deleted.name

  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Deny"
      Principal = "*"
      Action    = "backup:DeleteRecoveryPoint"
      Resource  = "*"
    }]
  })
}

resource "aws_backup_vault_lock_configuration" "deleted" {
  backup_vault_name  = aws_backup_vault.deleted.name
  min_retention_days = 7
  max_retention_days = 500
}

resource "aws_backup_vault_notifications" "deleted" {
  backup_vault_name   = aws_backup_vault.deleted.name
  sns_topic_arn       = "arn:aws:sns:eu-west-1:${data.aws_caller_identity.current.account_id}:backups"
  backup_vault_events = ["BACKUP_JOB_COMPLETED"]
}

resource "aws_backup_vault_policy" "keyed" {
  backup_vault_name = aws_backup_vault.keyed.name

  policy = jsonencode({
    Version = "2012-10-17"
    Id      = "default"
    Statement = [{
      Sid       = "default"
      Effect    = "Allow"
      Principal = { AWS = "arn:aws:iam::${data.aws_caller_identity.current.account_id}:root" }
      Action = [
        "backup:DescribeBackupVault",
        "backup:DeleteBackupVault",
        "backup:PutBackupVaultAccessPolicy",
        "backup:DeleteBackupVaultAccessPolicy",
        "backup:GetBackupVaultAccessPolicy",
        "backup:StartBackupJob",
        "backup:ListRecoveryPointsByBackupVault",
      ]
      Resource = aws_backup_vault.keyed.arn
    }]
  })
}

resource "aws_backup_vault_lock_configuration" "keyed" {
  backup_vault_name  = aws_backup_vault.keyed.name
  min_retention_days = 7
  max_retention_days = 500
}

resource "aws_backup_vault_notifications" "keyed" {
  backup_vault_name   = aws_backup_vault.keyed.name
  sns_topic_arn       = "arn:aws:sns:eu-west-1:${data.aws_caller_identity.current.account_id}:backups"
  backup_vault_events = ["BACKUP_JOB_COMPLETED", "RECOVERY_POINT_MODIFIED"]
}

# Every argument of a rule.
resource "aws_backup_plan" "whole" {
  name = "whole"

  rule {
    rule_name                    = "monthly"
    target_vault_name            = aws_backup_vault.forced.name
    schedule                     = "cron(0 10 ? * 6L *)"
    schedule_expression_timezone = "Pacific/Tahiti"
    start_window                 = 120
    completion_window            = 600

    recovery_point_tags = {
      Name = "whole"
      Key2 = "Value2b"
      Key3 = "Value3"
    }

    lifecycle {
      cold_storage_after = 60
      delete_after       = 365
    }
  }

  rule {
    rule_name                = "continuous"
    target_vault_name        = aws_backup_vault.forced.name
    schedule                 = "cron(0 12 * * ? *)"
    enable_continuous_backup = true

    lifecycle {
      delete_after = 35
    }
  }

  advanced_backup_setting {
    resource_type = "EC2"

    backup_options = {
      WindowsVSS = "disabled"
    }
  }

  tags = {
    key1 = "value1updated"
    key2 = "value2"
  }
}

# Rules that come and go, and every form of a lifecycle.
resource "aws_backup_plan" "rules" {
  name = "rules"

  rule {
    rule_name         = "rules_2"
    target_vault_name = aws_backup_vault.keyed.name
    schedule          = "cron(0 12 * * ? *)"

    lifecycle {
      cold_storage_after = 30
      delete_after       = 180
    }
  }

  rule {
    rule_name         = "rules_3"
    target_vault_name = aws_backup_vault.keyed.name
    schedule          = "cron(0 18 ? * MON-FRI *)"
  }

  rule {
    rule_name         = "rules_4"
    target_vault_name = aws_backup_vault.forced.name
    schedule          = "cron(0 0 1 * ? *)"

    lifecycle {
      delete_after = 365
    }
  }
}

# Another name is another plan.
resource "aws_backup_plan" "named" {
  name = "second-name"

  rule {
    rule_name         = "daily"
    target_vault_name = aws_backup_vault.forced.name
    schedule          = "cron(0 5 ? * * *)"
  }
}

# Somebody deletes this one by hand.
resource "aws_backup_plan" "deleted" {
  name = "deleted"

  rule {
    rule_name         = "daily"
    target_vault_name = aws_backup_vault.forced.name
    schedule          = "cron(0 4 ? * * *)"
  }
}

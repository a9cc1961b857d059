locals {
  role = "arn:aws:iam::${data.aws_caller_identity.current.account_id}:role/service-role/AWSBackupDefaultServiceRole"
}

# By a tag or by what it is.
resource "aws_backup_selection" "united" {
  plan_id      = aws_backup_plan.whole.id
  name         = "united"
  iam_role_arn = local.role

  selection_tag {
    type  = "STRINGEQUALS"
    key   = "foo"
    value = "bar"
  }

  selection_tag {
    type  = "STRINGEQUALS"
    key   = "boo"
    value = "far"
  }

  resources = ["arn:aws:ec2:eu-west-1:${data.aws_caller_identity.current.account_id}:volume/*"]
}

# Every sort of condition.
resource "aws_backup_selection" "conditions" {
  plan_id      = aws_backup_plan.whole.id
  name         = "conditions"
  iam_role_arn = local.role

  condition {
    string_equals {
      key   = "aws:ResourceTag/Component"
      value = "rds"
    }
    string_equals {
      key   = "aws:ResourceTag/Team"
      value = "dev"
    }
    string_like {
      key   = "aws:ResourceTag/Application"
      value = "app*"
    }
    string_not_equals {
      key   = "aws:ResourceTag/Backup"
      value = "false"
    }
    string_not_like {
      key   = "aws:ResourceTag/Environment"
      value = "test*"
    }
  }

  resources = ["arn:aws:rds:*:*:cluster:*", "arn:aws:rds:*:*:db:*"]
}

# Everything but some.
resource "aws_backup_selection" "except" {
  plan_id       = aws_backup_plan.rules.id
  name          = "except"
  iam_role_arn  = local.role
  resources     = ["*"]
  not_resources = ["arn:aws:fsx:*", "arn:aws:s3:::logs-*"]
}

# Somebody deletes this one by hand.
resource "aws_backup_selection" "deleted" {
  plan_id      = aws_backup_plan.rules.id
  name         = "deleted"
  iam_role_arn = local.role

  selection_tag {
    type  = "STRINGEQUALS"
    key   = "backup"
    value = "hourly"
  }
}

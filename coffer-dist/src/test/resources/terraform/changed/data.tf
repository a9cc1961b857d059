data "aws_backup_vault" "forced" {
  name = aws_backup_vault.forced.name
}

data "aws_backup_plan" "whole" {
  plan_id = aws_backup_plan.whole.id
}

data "aws_backup_selection" "conditions" {
  plan_id      = aws_backup_plan.whole.id
  selection_id = aws_backup_selection.conditions.id
}

output "read" {
  value = join(" ", [
    data.aws_caller_identity.current.account_id,
    data.aws_backup_vault.forced.arn,
    data.aws_backup_plan.whole.name,
    data.aws_backup_selection.conditions.name,
  ])
}

resource "aws_backup_region_settings" "all" {
  resource_type_opt_in_preference = {
    "Aurora"          = true
    "DocumentDB"      = true
    "DynamoDB"        = true
    "EBS"             = true
    "EC2"             = true
    "EFS"             = true
    "FSx"             = true
    "Neptune"         = true
    "RDS"             = true
    "S3"              = true
    "Storage Gateway" = true
    "VirtualMachine"  = true
  }
}

resource "aws_backup_global_settings" "all" {
  global_settings = {
    "isCrossAccountBackupEnabled" = "true"
  }
}

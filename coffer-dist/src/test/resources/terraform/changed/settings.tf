resource "aws_backup_region_settings" "all" {
  resource_type_opt_in_preference = {
    "Aurora"          = false
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
    "VirtualMachine"  = false
  }

  resource_type_management_preference = {
    "DynamoDB" = false
    "EFS"      = true
  }
}

resource "aws_backup_global_settings" "all" {
  global_settings = {
    "isCrossAccountBackupEnabled" = "false"
  }
}

-- Users, roles, policies, sessions and the access policies of vaults. Documents are stored as they were given.

create table principal (
    arn text primary key,
    account varchar(12) not null,
    kind varchar(8) not null,
    name varchar(128) not null,
    id varchar(32) not null,
    boundary text,
    trust text,
    longest_session_seconds bigint,
    created_at bigint not null,
    unique (account, kind, name)
);
create index principal_list on principal (account, kind, arn);
create index principal_boundary on principal (boundary) where boundary is not null;

create table policy (
    arn text primary key,
    account varchar(12) not null,
    document text not null,
    created_at bigint not null
);
create index policy_list on policy (account, arn);

create table inline_policy (
    principal text not null,
    name varchar(128) not null,
    document text not null,
    primary key (principal, name)
);

create table attached_policy (
    principal text not null,
    policy text not null,
    primary key (principal, policy)
);
create index attached_policy_policy on attached_policy (policy);

create table access_session (
    id varchar(128) primary key,
    account varchar(12) not null,
    principal text not null,
    issuer text not null,
    issuer_id varchar(32) not null,
    policy text,
    sealed_secret text not null,
    token_digest varchar(64) not null,
    created_at bigint not null,
    expires_at bigint not null
);
create index access_session_expires on access_session (expires_at);

create table vault_policy (
    account varchar(12) not null,
    region varchar(32) not null,
    vault varchar(50) not null,
    document text not null,
    primary key (account, region, vault)
);

alter table access_key add column active integer not null default 1;

-- Until now the role of the service was the only one; its name begins after arn:aws:iam::ACCOUNT:role/service-role/.
insert into principal (arn, account, kind, name, id, trust, longest_session_seconds, created_at)
    select arn, substr(arn, 14, 12), 'ROLE', substr(arn, 45), 'AROA00000' || substr(arn, 14, 12),
        '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"Service":"backup.amazonaws.com"},"Action":"sts:AssumeRole"}]}',
        3600, created_at
    from trusting_role where arn like 'arn:aws:iam::____________:role/service-role/%';
drop table trusting_role;

-- The policies that AWS manages, as far as they are about backups.
insert into policy (arn, account, created_at, document) values ('arn:aws:iam::aws:policy/AWSBackupFullAccess', 'aws', 0,
    '{"Version":"2012-10-17","Statement":[{"Sid":"Backup","Effect":"Allow","Action":["backup:*","backup-storage:*","backup-search:*"],"Resource":"*"},{"Sid":"PassBackupRoles","Effect":"Allow","Action":"iam:PassRole","Resource":["arn:aws:iam::*:role/*AwsBackup*","arn:aws:iam::*:role/*AWSBackup*"],"Condition":{"StringEquals":{"iam:PassedToService":"backup.amazonaws.com"}}},{"Sid":"Tags","Effect":"Allow","Action":["tag:GetResources"],"Resource":"*"}]}');
insert into policy (arn, account, created_at, document) values ('arn:aws:iam::aws:policy/AWSBackupOperatorAccess', 'aws', 0,
    '{"Version":"2012-10-17","Statement":[{"Sid":"Operate","Effect":"Allow","Action":["backup:Get*","backup:List*","backup:Describe*","backup:CreateBackupSelection","backup:DeleteBackupSelection","backup:StartBackupJob","backup:StartRestoreJob","backup:StartCopyJob","backup:StartScanJob"],"Resource":"*"},{"Sid":"PassBackupRoles","Effect":"Allow","Action":"iam:PassRole","Resource":["arn:aws:iam::*:role/*AwsBackup*","arn:aws:iam::*:role/*AWSBackup*"],"Condition":{"StringEquals":{"iam:PassedToService":"backup.amazonaws.com"}}},{"Sid":"Tags","Effect":"Allow","Action":["tag:GetResources"],"Resource":"*"}]}');
insert into policy (arn, account, created_at, document) values ('arn:aws:iam::aws:policy/AWSBackupAuditAccess', 'aws', 0,
    '{"Version":"2012-10-17","Statement":[{"Sid":"Audit","Effect":"Allow","Action":["backup:CreateFramework","backup:UpdateFramework","backup:DeleteFramework","backup:DescribeFramework","backup:ListFrameworks","backup:CreateReportPlan","backup:UpdateReportPlan","backup:DeleteReportPlan","backup:DescribeReportPlan","backup:ListReportPlans","backup:StartReportJob","backup:DescribeReportJob","backup:ListReportJobs","backup:ListBackupPlans","backup:ListBackupVaults","backup:ListTags","backup:TagResource","backup:UntagResource"],"Resource":"*"},{"Sid":"Evidence","Effect":"Allow","Action":["config:DescribeConfigurationRecorders","config:DescribeConfigurationRecorderStatus","config:DescribeConfigRules","config:DescribeComplianceByConfigRule","s3:ListAllMyBuckets","s3:GetBucketLocation"],"Resource":"*"}]}');
insert into policy (arn, account, created_at, document) values ('arn:aws:iam::aws:policy/AWSBackupOrganizationAdminAccess', 'aws', 0,
    '{"Version":"2012-10-17","Statement":[{"Sid":"Organization","Effect":"Allow","Action":["organizations:Describe*","organizations:List*","organizations:RegisterDelegatedAdministrator","organizations:DeregisterDelegatedAdministrator"],"Resource":"*"},{"Sid":"BackupPolicies","Effect":"Allow","Action":["organizations:CreatePolicy","organizations:UpdatePolicy","organizations:DeletePolicy","organizations:AttachPolicy","organizations:DetachPolicy","organizations:EnablePolicyType","organizations:DisablePolicyType"],"Resource":"*","Condition":{"StringLikeIfExists":{"organizations:PolicyType":["BACKUP_POLICY"]}}}]}');
insert into policy (arn, account, created_at, document) values ('arn:aws:iam::aws:policy/AWSBackupSearchOperatorAccess', 'aws', 0,
    '{"Version":"2012-10-17","Statement":[{"Sid":"Search","Effect":"Allow","Action":["backup-search:*","backup:ListIndexedRecoveryPointsForSearch","backup:ListIndexedRecoveryPoints","backup:SearchRecoveryPoint"],"Resource":"*"}]}');
insert into policy (arn, account, created_at, document) values ('arn:aws:iam::aws:policy/AWSBackupDataTransferAccess', 'aws', 0,
    '{"Version":"2012-10-17","Statement":[{"Sid":"Transfer","Effect":"Allow","Action":["backup-storage:StartObject","backup-storage:PutChunk","backup-storage:GetChunk","backup-storage:ListChunks","backup-storage:ListObjects","backup-storage:GetObjectMetadata","backup-storage:NotifyObjectComplete"],"Resource":"*"}]}');
insert into policy (arn, account, created_at, document) values ('arn:aws:iam::aws:policy/service-role/AWSBackupServiceRolePolicyForBackup', 'aws', 0,
    '{"Version":"2012-10-17","Statement":[{"Sid":"DynamoDB","Effect":"Allow","Action":["dynamodb:DescribeTable","dynamodb:CreateBackup","dynamodb:DescribeBackup","dynamodb:DeleteBackup","dynamodb:StartAwsBackupJob","dynamodb:ListTagsOfResource"],"Resource":["arn:aws:dynamodb:*:*:table/*"]},{"Sid":"Databases","Effect":"Allow","Action":["rds:CreateDBSnapshot","rds:CopyDBSnapshot","rds:DescribeDBSnapshots","rds:DescribeDBInstances","rds:AddTagsToResource","rds:ListTagsForResource","rds:CreateDBClusterSnapshot","rds:CopyDBClusterSnapshot","rds:DescribeDBClusters","rds:DescribeDBClusterSnapshots","rds:DescribeDBClusterAutomatedBackups","rds:ModifyDBInstance","rds:ModifyDBCluster","rds:DeleteDBInstanceAutomatedBackup","rds:DeleteDBClusterAutomatedBackup"],"Resource":"*"},{"Sid":"DatabaseSnapshots","Effect":"Allow","Action":["rds:DeleteDBSnapshot","rds:ModifyDBSnapshotAttribute","rds:DeleteDBClusterSnapshot","rds:ModifyDBClusterSnapshotAttribute"],"Resource":["arn:aws:rds:*:*:snapshot:awsbackup:*","arn:aws:rds:*:*:cluster-snapshot:awsbackup:*"]},{"Sid":"Machines","Effect":"Allow","Action":["ec2:CreateSnapshot","ec2:DeleteSnapshot","ec2:DescribeVolumes","ec2:DescribeSnapshots","ec2:CopySnapshot","ec2:CreateTags","ec2:ModifySnapshotTier","ec2:CreateImage","ec2:DeregisterImage","ec2:CopyImage","ec2:DescribeImages","ec2:DescribeInstances","ec2:DescribeInstanceAttribute","ec2:DescribeInstanceCreditSpecifications","ec2:DescribeNetworkInterfaces","ec2:DescribeElasticGpus","ec2:DescribeSpotInstanceRequests","ec2:DescribeTags"],"Resource":"*"},{"Sid":"Sharing","Effect":"Allow","Action":["ec2:ModifySnapshotAttribute","ec2:ModifyImageAttribute"],"Resource":"*","Condition":{"Null":{"aws:ResourceTag/aws:backup:source-resource":"false"}}},{"Sid":"Shadow","Effect":"Allow","Action":["ssm:SendCommand","ssm:CancelCommand","ssm:GetCommandInvocation"],"Resource":"*"},{"Sid":"FileSystems","Effect":"Allow","Action":["elasticfilesystem:Backup","elasticfilesystem:DescribeTags"],"Resource":["arn:aws:elasticfilesystem:*:*:file-system/*"]},{"Sid":"All","Effect":"Allow","Action":["backup:DescribeBackupVault","backup:CopyIntoBackupVault","backup:CopyFromBackupVault","backup:TagResource","tag:GetResources","kms:DescribeKey","kms:Decrypt","kms:GenerateDataKey"],"Resource":"*"},{"Sid":"Grants","Effect":"Allow","Action":"kms:CreateGrant","Resource":"*","Condition":{"Bool":{"kms:GrantIsForAWSResource":"true"}}}]}');
insert into policy (arn, account, created_at, document) values ('arn:aws:iam::aws:policy/service-role/AWSBackupServiceRolePolicyForRestores', 'aws', 0,
    '{"Version":"2012-10-17","Statement":[{"Sid":"DynamoDB","Effect":"Allow","Action":["dynamodb:RestoreTableFromBackup","dynamodb:RestoreTableFromAwsBackup","dynamodb:DescribeTable","dynamodb:Scan","dynamodb:Query","dynamodb:GetItem","dynamodb:PutItem","dynamodb:UpdateItem","dynamodb:DeleteItem","dynamodb:BatchWriteItem"],"Resource":"*"},{"Sid":"Machines","Effect":"Allow","Action":["ec2:CreateVolume","ec2:DeleteVolume","ec2:Describe*","ec2:RestoreSnapshotTier","ec2:DeleteTags","ec2:RunInstances","ec2:TerminateInstances","ec2:CreateTags","ebs:StartSnapshot","ebs:PutSnapshotBlock","ebs:CompleteSnapshot"],"Resource":"*"},{"Sid":"FileSystems","Effect":"Allow","Action":["elasticfilesystem:Restore","elasticfilesystem:CreateFilesystem","elasticfilesystem:DescribeFilesystems","elasticfilesystem:DeleteFilesystem","elasticfilesystem:TagResource"],"Resource":"*"},{"Sid":"Databases","Effect":"Allow","Action":["rds:RestoreDBInstanceFromDBSnapshot","rds:RestoreDBInstanceToPointInTime","rds:RestoreDBClusterFromSnapshot","rds:RestoreDBClusterToPointInTime","rds:DeleteDBInstance","rds:DeleteDBCluster","rds:AddTagsToResource","rds:Describe*","rds:CreateDBInstance"],"Resource":"*"},{"Sid":"All","Effect":"Allow","Action":["backup:StartRestoreJob","backup:DescribeRestoreJob","kms:DescribeKey","kms:Decrypt","kms:Encrypt","kms:GenerateDataKey","kms:ReEncrypt*","kms:CreateGrant"],"Resource":"*"}]}');
insert into policy (arn, account, created_at, document) values ('arn:aws:iam::aws:policy/AWSBackupServiceRolePolicyForS3Backup', 'aws', 0,
    '{"Version":"2012-10-17","Statement":[{"Sid":"Buckets","Effect":"Allow","Action":["s3:GetBucketTagging","s3:GetInventoryConfiguration","s3:PutInventoryConfiguration","s3:ListBucketVersions","s3:ListBucket","s3:GetBucketVersioning","s3:GetBucketLocation","s3:GetBucketAcl","s3:GetBucketNotification","s3:PutBucketNotification"],"Resource":["arn:aws:s3:::*"]},{"Sid":"Objects","Effect":"Allow","Action":["s3:GetObject*","s3:GetObjectVersion*"],"Resource":["arn:aws:s3:::*/*"]},{"Sid":"Discovery","Effect":"Allow","Action":["s3:ListAllMyBuckets","events:ListRules","cloudwatch:GetMetricData"],"Resource":"*"},{"Sid":"Events","Effect":"Allow","Action":"events:*","Resource":["arn:aws:events:*:*:rule/AwsBackupManagedRule*"]},{"Sid":"Keys","Effect":"Allow","Action":["kms:Decrypt","kms:DescribeKey"],"Resource":"*","Condition":{"StringLike":{"kms:ViaService":"s3.*.amazonaws.com"}}},{"Sid":"Tags","Effect":"Allow","Action":"backup:TagResource","Resource":"*"}]}');
insert into policy (arn, account, created_at, document) values ('arn:aws:iam::aws:policy/AWSBackupServiceRolePolicyForS3Restore', 'aws', 0,
    '{"Version":"2012-10-17","Statement":[{"Sid":"Buckets","Effect":"Allow","Action":["s3:CreateBucket","s3:ListBucketVersions","s3:ListBucket","s3:GetBucketVersioning","s3:GetBucketLocation","s3:PutBucketVersioning","s3:PutBucketOwnershipControls","s3:GetBucketOwnershipControls"],"Resource":["arn:aws:s3:::*"]},{"Sid":"Objects","Effect":"Allow","Action":["s3:GetObject","s3:GetObjectVersion","s3:PutObject","s3:DeleteObject","s3:PutObjectVersionAcl","s3:GetObjectVersionAcl","s3:GetObjectTagging","s3:PutObjectTagging","s3:GetObjectAcl","s3:PutObjectAcl","s3:ListMultipartUploadParts"],"Resource":["arn:aws:s3:::*/*"]},{"Sid":"Keys","Effect":"Allow","Action":["kms:DescribeKey","kms:GenerateDataKey","kms:Decrypt"],"Resource":"*","Condition":{"StringLike":{"kms:ViaService":"s3.*.amazonaws.com"}}}]}');
insert into policy (arn, account, created_at, document) values ('arn:aws:iam::aws:policy/service-role/AWSBackupServiceRolePolicyForItemRestores', 'aws', 0,
    '{"Version":"2012-10-17","Statement":[{"Sid":"Read","Effect":"Allow","Action":["ebs:ListSnapshotBlocks","ebs:GetSnapshotBlock","ec2:DescribeSnapshots"],"Resource":"*"},{"Sid":"Write","Effect":"Allow","Action":["s3:PutObject","s3:AbortMultipartUpload","s3:ListMultipartUploadParts","s3:GetBucketLocation","s3:ListBucket"],"Resource":"*","Condition":{"StringEquals":{"aws:ResourceAccount":"${aws:PrincipalAccount}"}}},{"Sid":"Keys","Effect":"Allow","Action":["kms:DescribeKey","kms:Decrypt","kms:GenerateDataKey"],"Resource":"*"}]}');
insert into policy (arn, account, created_at, document) values ('arn:aws:iam::aws:policy/service-role/AWSBackupServiceRolePolicyForIndexing', 'aws', 0,
    '{"Version":"2012-10-17","Statement":[{"Sid":"Index","Effect":"Allow","Action":["ec2:DescribeSnapshots","ebs:ListSnapshotBlocks","ebs:GetSnapshotBlock","kms:Decrypt"],"Resource":"*"}]}');
insert into policy (arn, account, created_at, document) values ('arn:aws:iam::aws:policy/service-role/AWSBackupServiceRolePolicyForScans', 'aws', 0,
    '{"Version":"2012-10-17","Statement":[{"Sid":"Scan","Effect":"Allow","Action":["guardduty:StartMalwareScan","guardduty:GetMalwareScan"],"Resource":"*"},{"Sid":"PassRole","Effect":"Allow","Action":"iam:PassRole","Resource":"*","Condition":{"StringEquals":{"iam:PassedToService":"malware-protection-plan.guardduty.amazonaws.com"}}}]}');

insert into attached_policy (principal, policy)
    select arn, 'arn:aws:iam::aws:policy/service-role/AWSBackupServiceRolePolicyForBackup' from principal where kind = 'ROLE';
insert into attached_policy (principal, policy)
    select arn, 'arn:aws:iam::aws:policy/service-role/AWSBackupServiceRolePolicyForRestores' from principal where kind = 'ROLE';

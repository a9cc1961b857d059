-- Where the data of recovery points lies, and when they are due for cold storage.

alter table recovery_point add column storage_class varchar(8) not null default 'WARM';
alter table recovery_point add column cold_at bigint;
update recovery_point set cold_at = created_at + cold_after_days * 86400000
    where cold_after_days is not null
        and (resource_type in ('EFS', 'DynamoDB') or (resource_type = 'EBS' and opt_in_to_archive = 1));
create index recovery_point_cold on recovery_point (cold_at, arn, vault, account, region)
    where cold_at is not null;

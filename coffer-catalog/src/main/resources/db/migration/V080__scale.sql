-- Numbers that lists and the dashboard show, kept beside the rows so that nobody counts them, and indexes that hold what lists filter by, so that a row that a filter leaves out is not read.

create table vault_total (
    account varchar(12) not null,
    region varchar(32) not null,
    vault varchar(50) not null,
    points bigint not null,
    logical_kib bigint not null,
    primary key (account, region, vault)
);
insert into vault_total (account, region, vault, points, logical_kib)
    select account, region, vault, count(*), sum(logical_bytes / 1024 + 1) from recovery_point group by account, region, vault;

-- Jobs that have ended, by the day of their creation (days since 1970-01-01). Stays when the jobs themselves are removed. A restore job's category is empty.
create table job_day (
    account varchar(12) not null,
    region varchar(32) not null,
    kind varchar(8) not null,
    day bigint not null,
    state varchar(32) not null,
    resource_type varchar(32) not null,
    message_category varchar(64) not null,
    jobs bigint not null,
    primary key (account, region, kind, day, state, resource_type, message_category)
);
insert into job_day (account, region, kind, day, state, resource_type, message_category, jobs)
    select account, region, 'BACKUP', created_at / 86400000, state, resource_type, message_category, count(*)
    from backup_job where ended_at is not null
    group by account, region, created_at / 86400000, state, resource_type, message_category;
insert into job_day (account, region, kind, day, state, resource_type, message_category, jobs)
    select account, region, 'RESTORE', created_at / 86400000, state, resource_type, '', count(*)
    from restore_job where ended_at is not null
    group by account, region, created_at / 86400000, state, resource_type;

drop index backup_job_summary;
drop index restore_job_summary;
create index backup_job_open_summary on backup_job
    (account, region, created_at, state, resource_type, message_category) where ended_at is null;
create index restore_job_open_summary on restore_job
    (account, region, created_at, state, resource_type) where ended_at is null;

drop index backup_job_list;
drop index backup_job_list_vault;
drop index backup_job_list_state;
drop index backup_job_list_type;
drop index backup_job_list_category;
create index backup_job_list on backup_job
    (account, region, created_at, id, ended_at);
create index backup_job_list_vault on backup_job
    (account, region, vault, created_at, id, resource_type, message_category, state, ended_at);
create index backup_job_list_state on backup_job
    (account, region, state, created_at, id, vault, resource_type, message_category, ended_at);
create index backup_job_list_type on backup_job
    (account, region, resource_type, created_at, id, message_category, state, ended_at);
create index backup_job_list_category on backup_job
    (account, region, message_category, created_at, id, vault, resource_type, state, ended_at);
create index backup_job_window on backup_job (start_by, id) where ended_at is null and lease_epoch is null;

create index recovery_point_list_vault_resource on recovery_point (account, region, vault, resource, created_at, arn);
create index recovery_point_list_vault_type on recovery_point
    (account, region, vault, resource_type, created_at, arn);
drop index recovery_point_list_plan;
create index recovery_point_list_plan on recovery_point
    (account, region, vault, plan_id, created_at, arn, resource_type);
create index recovery_point_endless on recovery_point (account, region, vault, retained_until, arn)
    where delete_at is null;

create index protected_resource_age on protected_resource (account, region, last_backup_at, arn);

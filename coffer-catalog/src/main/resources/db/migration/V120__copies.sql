-- Copy jobs, and where copies come from.

alter table recovery_point add column source_vault text;

create table copy_job (
    id varchar(64) primary key,
    account varchar(12) not null,
    region varchar(32) not null,
    vault varchar(50) not null,
    recovery_point text not null,
    destination_account varchar(12) not null,
    destination_region varchar(32) not null,
    destination_vault varchar(50) not null,
    copy text not null,
    resource text not null,
    resource_type varchar(32) not null,
    resource_name text not null,
    role text not null,
    cold_after_days bigint,
    delete_after_days bigint,
    opt_in_to_archive integer,
    created_by text,
    backup_job varchar(64),
    created_at bigint not null,
    attempts integer not null,
    done_bytes bigint not null,
    total_bytes bigint not null,
    transferred_bytes bigint not null,
    state varchar(32) not null,
    message text,
    message_category varchar(64) not null,
    not_before bigint,
    lease_node text,
    lease_start text,
    lease_epoch bigint,
    lease_until bigint,
    started_at bigint,
    ended_at bigint
);
create index copy_job_list on copy_job (account, region, created_at, id, ended_at);
create index copy_job_list_resource on copy_job (account, region, resource, created_at, id);
create index copy_job_list_point on copy_job (account, region, recovery_point, created_at, id);
create index copy_job_list_state on copy_job
    (account, region, state, created_at, id, resource_type, message_category, ended_at);
create index copy_job_list_category on copy_job
    (account, region, message_category, created_at, id, resource_type, state, ended_at);
create index copy_job_list_type on copy_job
    (account, region, resource_type, created_at, id, message_category, state, ended_at);
create index copy_job_list_destination on copy_job
    (account, region, destination_account, destination_region, destination_vault, created_at, id);
create index copy_job_open on copy_job (created_at, id) where ended_at is null;
create index copy_job_open_point on copy_job (account, region, recovery_point, vault) where ended_at is null;
create index copy_job_open_summary on copy_job
    (account, region, created_at, state, resource_type, message_category) where ended_at is null;
create index copy_job_held on copy_job (account, region, resource) where lease_epoch is not null;
create index copy_job_held_into on copy_job (account, destination_region, lease_until) where lease_epoch is not null;
create index copy_job_ended on copy_job (ended_at) where ended_at is not null;

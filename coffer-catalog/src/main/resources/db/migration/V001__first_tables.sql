-- Instants are bigint, milliseconds since 1970-01-01T00:00Z. Maps and lists are JSON text. Yes and no are 1 and 0.
-- Types: the name on the wire. ARNs: their text. Only what SQLite and PostgreSQL both understand is used here.

create table vault (
    account varchar(12) not null,
    region varchar(32) not null,
    name varchar(50) not null,
    id varchar(36) not null,
    encryption_key text not null,
    created_at bigint not null,
    creator_request_id text,
    primary key (account, region, name),
    unique (id)
);
create index vault_list on vault (account, region, created_at, name);

create table recovery_point (
    account varchar(12) not null,
    region varchar(32) not null,
    vault varchar(50) not null,
    arn text not null,
    session_id text not null,
    resource text not null,
    resource_type varchar(32) not null,
    resource_name text not null,
    role text not null,
    status varchar(32) not null,
    created_at bigint not null,
    initiated_at bigint,
    completed_at bigint,
    logical_bytes bigint not null,
    transferred_bytes bigint not null,
    cold_after_days bigint,
    delete_after_days bigint,
    opt_in_to_archive integer,
    last_restored_at bigint,
    primary key (account, region, vault, arn)
);
create index recovery_point_arn on recovery_point (account, region, arn);
create index recovery_point_list on recovery_point (account, region, created_at, arn, vault);
create index recovery_point_list_vault on recovery_point (account, region, vault, created_at, arn);
create index recovery_point_list_resource on recovery_point (account, region, resource, created_at, arn, vault);
create index recovery_point_list_type on recovery_point (account, region, resource_type, created_at, arn, vault);
create index recovery_point_newest on recovery_point
    (account, region, vault, status, resource, created_at desc, arn desc);
create index recovery_point_unsettled on recovery_point (status, created_at, arn, vault) where status <> 'COMPLETED';

create table backup_job (
    id varchar(64) primary key,
    account varchar(12) not null,
    region varchar(32) not null,
    vault varchar(50) not null,
    resource text not null,
    resource_type varchar(32) not null,
    resource_name text not null,
    role text not null,
    recovery_point text not null,
    cold_after_days bigint,
    delete_after_days bigint,
    opt_in_to_archive integer,
    options text not null,
    point_tags text not null,
    created_at bigint not null,
    start_by bigint not null,
    complete_by bigint not null,
    initiated_at bigint,
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
create index backup_job_list on backup_job (account, region, created_at, id);
create index backup_job_list_resource on backup_job (account, region, resource, created_at, id);
create index backup_job_list_vault on backup_job (account, region, vault, created_at, id);
create index backup_job_list_state on backup_job (account, region, state, created_at, id);
create index backup_job_list_type on backup_job (account, region, resource_type, created_at, id);
create index backup_job_list_category on backup_job (account, region, message_category, created_at, id);
create index backup_job_open on backup_job (created_at, id) where ended_at is null;
create index backup_job_open_resource on backup_job (account, region, resource) where ended_at is null;
create index backup_job_held on backup_job (resource_type, lease_until) where lease_epoch is not null;
create index backup_job_ended on backup_job (ended_at) where ended_at is not null;

create table restore_job (
    id varchar(64) primary key,
    account varchar(12) not null,
    region varchar(32) not null,
    vault varchar(50) not null,
    recovery_point text not null,
    recovery_point_created_at bigint not null,
    source_resource text not null,
    resource_type varchar(32) not null,
    role text not null,
    metadata text not null,
    copy_source_tags integer not null,
    created_at bigint not null,
    attempts integer not null,
    done_bytes bigint not null,
    total_bytes bigint not null,
    transferred_bytes bigint not null,
    state varchar(32) not null,
    message text,
    created_resource text,
    not_before bigint,
    lease_node text,
    lease_start text,
    lease_epoch bigint,
    lease_until bigint,
    started_at bigint,
    ended_at bigint
);
create index restore_job_list on restore_job (account, region, created_at, id);
create index restore_job_list_state on restore_job (account, region, state, created_at, id);
create index restore_job_list_type on restore_job (account, region, resource_type, created_at, id);
create index restore_job_list_resource on restore_job (account, region, source_resource, created_at, id);
create index restore_job_open on restore_job (created_at, id) where ended_at is null;
create index restore_job_open_point on restore_job (account, region, recovery_point) where ended_at is null;
create index restore_job_held on restore_job (resource_type, lease_until) where lease_epoch is not null;
create index restore_job_ended on restore_job (ended_at) where ended_at is not null;

create table restored_source (
    account varchar(12) not null,
    region varchar(32) not null,
    arn text not null,
    resource_type varchar(32) not null,
    name text not null,
    settings text not null,
    tags text not null,
    primary key (account, region, arn)
);

create table protected_resource (
    account varchar(12) not null,
    region varchar(32) not null,
    arn text not null,
    resource_type varchar(32) not null,
    name text not null,
    last_backup_at bigint not null,
    last_vault text not null,
    last_recovery_point text not null,
    restore_created_at bigint,
    restore_minutes bigint,
    restore_point_created_at bigint,
    primary key (account, region, arn)
);

create table tag_set (
    arn text primary key,
    tags text not null
);

create table access_key (
    id varchar(128) primary key,
    account varchar(12) not null,
    principal text not null,
    sealed_secret text not null,
    created_at bigint not null
);
create index access_key_account on access_key (account, created_at, id);

create table trusting_role (
    arn text primary key,
    created_at bigint not null
);

create table used_signature (
    signature text primary key,
    until bigint not null
);
create index used_signature_until on used_signature (until);

create table region_settings (
    account varchar(12) not null,
    region varchar(32) not null,
    opt_in text not null,
    management text not null,
    primary key (account, region)
);

create table installation (
    name varchar(255) primary key,
    content text not null
);

create table event (
    position bigint primary key,
    id varchar(36) not null,
    detail_type text not null,
    account varchar(12) not null,
    region varchar(32) not null,
    happened_at bigint not null,
    resources text not null,
    detail text not null,
    unique (id)
);
create index event_happened on event (happened_at);

create table event_sink (
    name varchar(255) primary key,
    position bigint not null
);

create table request_token (
    account varchar(12) not null,
    region varchar(32) not null,
    operation varchar(128) not null,
    token varchar(1024) not null,
    request_digest text not null,
    result text not null,
    created_at bigint not null,
    primary key (account, region, operation, token)
);
create index request_token_created on request_token (created_at);

-- Numbers that only grow. Kept apart from the rows that use them, so that none comes back after its row is gone.
create table counter (
    name varchar(32) primary key,
    last bigint not null
);
insert into counter (name, last) values ('epoch', 0);
insert into counter (name, last) values ('event', 0);

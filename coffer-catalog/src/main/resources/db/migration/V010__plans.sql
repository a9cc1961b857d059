-- Backup plans, their versions and selections, and the instants at which they fired.

create table backup_plan (
    id varchar(36) primary key,
    account varchar(12) not null,
    region varchar(32) not null,
    created_at bigint not null,
    creator_request_id text,
    deleted_at bigint,
    current_number bigint not null,
    last_executed_at bigint,
    settled_until bigint not null,
    next_fire_at bigint
);
create index backup_plan_list on backup_plan (account, region, created_at, id);
create index backup_plan_active on backup_plan (account, region, created_at, id) where deleted_at is null;
create index backup_plan_due on backup_plan (next_fire_at, id) where deleted_at is null;
create unique index backup_plan_creator on backup_plan (account, region, creator_request_id) where deleted_at is null;

create table backup_plan_version (
    plan_id varchar(36) not null,
    number bigint not null,
    version_id varchar(1024) not null,
    created_at bigint not null,
    document text not null,
    primary key (plan_id, number),
    unique (plan_id, version_id)
);

create table backup_selection (
    id varchar(36) primary key,
    account varchar(12) not null,
    region varchar(32) not null,
    plan_id varchar(36) not null,
    name varchar(50) not null,
    role text not null,
    document text not null,
    created_at bigint not null,
    creator_request_id text,
    unique (plan_id, name)
);
create index backup_selection_list on backup_selection (account, region, plan_id, created_at, id);

-- Plan, rule and instant are the key: whoever adds the row lets the instant run, and nobody else does.
create table scheduled_run (
    plan_id varchar(36) not null,
    rule_id varchar(36) not null,
    fire_at bigint not null,
    account varchar(12) not null,
    region varchar(32) not null,
    version_id varchar(1024) not null,
    window_ends_at bigint not null,
    state varchar(16) not null,
    after_resource text,
    jobs bigint not null,
    ended_at bigint,
    reason text,
    merged_into varchar(36),
    primary key (plan_id, rule_id, fire_at)
);
create index scheduled_run_open on scheduled_run (fire_at, plan_id, rule_id) where ended_at is null;
create index scheduled_run_standing on scheduled_run (plan_id, window_ends_at);
create index scheduled_run_ended on scheduled_run (window_ends_at) where ended_at is not null;

alter table backup_job add column created_by text;
alter table recovery_point add column created_by text;
alter table recovery_point add column plan_id varchar(36);
create index recovery_point_list_plan on recovery_point (account, region, vault, plan_id, created_at, arn);

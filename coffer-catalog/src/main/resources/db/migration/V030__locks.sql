-- The vault clock, locks, legal holds, and what expiry looks up.

create table heartbeat (
    sequence bigint primary key,
    boot varchar(64) not null,
    monotonic bigint not null,
    earliest bigint not null,
    latest bigint not null,
    system_time bigint not null,
    allowance bigint not null,
    unexplained bigint not null,
    suspicion varchar(32),
    suspect_since bigint,
    evidence text,
    previous varchar(64) not null,
    seal varchar(64) not null
);

create table vault_lock (
    vault_id varchar(36) primary key,
    mode varchar(16) not null,
    min_days bigint,
    max_days bigint,
    lock_date bigint
);

create table legal_hold (
    account varchar(12) not null,
    region varchar(32) not null,
    id varchar(36) not null,
    title text not null,
    description text not null,
    vault_names text not null,
    resource_identifiers text not null,
    from_date bigint,
    to_date bigint,
    created_at bigint not null,
    state varchar(16) not null,
    place text,
    cancelled_at bigint,
    cancel_description text,
    record_until bigint,
    primary key (account, region, id)
);
create index legal_hold_list on legal_hold (account, region, created_at, id);
create index legal_hold_state on legal_hold (account, region, state);
create index legal_hold_unsettled on legal_hold (created_at, id) where state in ('CREATING', 'CANCELING');
create index legal_hold_record on legal_hold (record_until, id) where record_until is not null;

create table held_point (
    account varchar(12) not null,
    region varchar(32) not null,
    vault varchar(50) not null,
    arn text not null,
    hold_id varchar(36) not null,
    primary key (account, region, vault, arn, hold_id)
);
create index held_point_of on held_point (account, region, hold_id, arn, vault);

alter table recovery_point add column delete_at bigint;
alter table recovery_point add column status_message text;
alter table recovery_point add column retained_until bigint;
update recovery_point set delete_at = created_at + delete_after_days * 86400000 where delete_after_days is not null;
create index recovery_point_due on recovery_point (delete_at, arn, vault, account, region)
    where delete_at is not null;
create index recovery_point_retained on recovery_point (account, region, vault, retained_until, arn);

-- Maintenance runs of vaults, and the order in which marked points are looked at page by page.

create table maintenance_run (
    id varchar(36) primary key,
    account varchar(12) not null,
    region varchar(32) not null,
    vault varchar(50) not null,
    vault_id varchar(36) not null,
    kind varchar(16) not null,
    state varchar(16) not null,
    started_at bigint not null,
    ended_at bigint,
    lease_node varchar(128) not null,
    lease_start varchar(64) not null,
    lease_until bigint not null,
    result text,
    message text
);
create index maintenance_run_of_vault on maintenance_run (vault_id, started_at desc, id desc);
create index maintenance_run_running on maintenance_run (started_at, id) where state = 'RUNNING';

drop index recovery_point_unsettled;
create index recovery_point_unsettled on recovery_point (status, created_at, arn, vault, account, region)
    where status <> 'COMPLETED';

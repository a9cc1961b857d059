-- Search indexes of recovery points, and the backup jobs whose points are to get one. What is indexed lies in the vaults; here is only that it was walked.

create table index_job (
    id varchar(64) primary key,
    account varchar(12) not null,
    region varchar(32) not null,
    vault varchar(50) not null,
    recovery_point text not null,
    resource text not null,
    resource_type varchar(32) not null,
    role text not null,
    point_created_at bigint not null,
    continuous integer not null,
    created_at bigint not null,
    attempts integer not null,
    walked_at bigint,
    walked_items bigint,
    walked_session text,
    state varchar(32) not null,
    message text,
    not_before bigint,
    lease_node text,
    lease_start text,
    lease_epoch bigint,
    lease_until bigint,
    started_at bigint,
    ended_at bigint,
    unique (account, region, vault, recovery_point)
);
create index index_job_list on index_job (account, region, point_created_at, recovery_point, vault);
create index index_job_list_resource on index_job
    (account, region, resource, point_created_at, recovery_point, vault, state);
create index index_job_list_state on index_job
    (account, region, state, point_created_at, recovery_point, vault, resource_type);
create index index_job_list_type on index_job
    (account, region, resource_type, point_created_at, recovery_point, vault, state);
create index index_job_open on index_job (created_at, id) where ended_at is null;
create index index_job_deleting on index_job (ended_at, id) where state = 'DELETING';

create table index_wanted (
    job varchar(64) primary key
);

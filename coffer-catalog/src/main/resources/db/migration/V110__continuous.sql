-- Continuous backups: the series behind a recovery point, its marks, and the backup jobs that are to make or to continue one.

create table continuous_series (
    account varchar(12) not null,
    region varchar(32) not null,
    vault varchar(50) not null,
    point text not null,
    resource text not null,
    resource_type varchar(32) not null,
    first_session text not null,
    days bigint not null,
    options text not null,
    state varchar(16) not null,
    stopped_at bigint,
    message text,
    token text not null,
    reached bigint not null,
    next_at bigint not null,
    epoch bigint not null,
    lease_node text,
    lease_start text,
    lease_until bigint,
    primary key (account, region, vault, point)
);
create index continuous_series_resource on continuous_series (account, region, resource, point, vault);
create index continuous_series_due on continuous_series (next_at, point, vault) where state = 'FOLLOWED';

create table continuous_mark (
    account varchar(12) not null,
    region varchar(32) not null,
    vault varchar(50) not null,
    point text not null,
    number bigint not null,
    base integer not null,
    kind varchar(16) not null,
    token text not null,
    reached bigint not null,
    image_at bigint not null,
    known_through bigint not null,
    primary key (account, region, vault, point, number)
);

create table continuous_job (
    job varchar(64) primary key
);

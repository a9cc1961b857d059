-- How each sink goes, besides its position.
alter table event_sink add column delivered bigint not null default 0;
alter table event_sink add column dead bigint not null default 0;
alter table event_sink add column attempts integer not null default 0;
alter table event_sink add column not_before bigint;
alter table event_sink add column last_error text;
alter table event_sink add column last_error_at bigint;
alter table event_sink add column last_delivered_at bigint;
alter table event_sink add column digest_day text;

create index event_scope on event (account, region, position);

-- Targets are JSON with their settings; their secrets are sealed.
create table event_rule (
    account varchar(12) not null,
    region varchar(32) not null,
    name varchar(64) not null,
    pattern text not null,
    enabled integer not null,
    origin varchar(8) not null,
    targets text not null,
    changed_at bigint not null,
    primary key (account, region, name)
);

create table vault_notifications (
    account varchar(12) not null,
    region varchar(32) not null,
    vault varchar(50) not null,
    topic text not null,
    events text not null,
    primary key (account, region, vault)
);

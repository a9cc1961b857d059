-- What nodes that share a catalog need: turns that one node at a time has, and when a signature was first seen.

-- Has no rows: on PostgreSQL, who writes locks it, so that writers of all nodes follow each other.
create table writing_turn (
    one integer primary key
);

create table duty (
    name varchar(255) primary key,
    node varchar(64) not null,
    start varchar(64) not null,
    until bigint not null
);

alter table used_signature add column first_at bigint not null default 0;

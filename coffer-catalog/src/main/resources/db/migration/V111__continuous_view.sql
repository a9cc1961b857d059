-- What people see of continuous backups: since when rounds fail, when the last one ended, why history is lost, and what is certain of it. And ways to a few of many marks.

alter table continuous_series add column checked bigint;
alter table continuous_series add column round_at bigint;
alter table continuous_series add column failing_since bigint;
create index continuous_series_point on continuous_series (account, region, point, vault);

alter table continuous_mark add column checked bigint;
alter table continuous_mark add column gap text;
create index continuous_mark_base on continuous_mark (account, region, vault, point, number) where base = 1;
create index continuous_mark_image on continuous_mark (account, region, vault, point, image_at, number) where kind = 'IMAGE';
create index continuous_mark_moment on continuous_mark (account, region, vault, point, image_at);

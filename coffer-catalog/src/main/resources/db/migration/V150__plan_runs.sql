-- Lists of the instants at which plans fired, and events that AWS Backup does not have.

create index scheduled_run_list on scheduled_run (account, region, fire_at, plan_id, rule_id, ended_at);
create index scheduled_run_list_plan on scheduled_run
    (account, region, plan_id, fire_at, rule_id, state, ended_at);
create index scheduled_run_list_state on scheduled_run
    (account, region, state, fire_at, plan_id, rule_id, ended_at);

alter table event add column source text not null default 'aws.backup';

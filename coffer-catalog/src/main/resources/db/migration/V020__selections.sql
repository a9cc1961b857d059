-- Job summaries count the jobs of some days from the index alone.
create index backup_job_summary on backup_job (account, region, created_at, state, resource_type, message_category);
create index restore_job_summary on restore_job (account, region, created_at, state, resource_type);

-- The jobs of one resource type in one vault: of a rare type, a page no longer steps over all others of the vault.
create index backup_job_list_vault_type on backup_job
    (account, region, vault, resource_type, created_at, id, message_category, state, ended_at);

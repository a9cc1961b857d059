-- Whose key a vault is encrypted under: the installation's (MANAGED), or one in a key service that its maker has named (CUSTOMER).
alter table vault add column key_type varchar(16) not null default 'MANAGED';

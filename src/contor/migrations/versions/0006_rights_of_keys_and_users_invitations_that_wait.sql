;; transaction
SET LOCAL lock_timeout = '3s'
;;
CREATE TABLE directory.idempotency_key (
	organization_id uuid NOT NULL,
	key text NOT NULL,
	operation text NOT NULL,
	input_hash bytea NOT NULL,
	at timestamp with time zone NOT NULL,
	answer text,
	CONSTRAINT idempotency_key_pkey PRIMARY KEY (organization_id, key)
)
;;
GRANT SELECT, INSERT ON directory.idempotency_key TO contor_app
;;
GRANT UPDATE (answer) ON directory.idempotency_key TO contor_app
;;
ALTER TABLE directory.api_key ADD COLUMN scopes jsonb
;;
ALTER TABLE directory.membership ADD COLUMN role text DEFAULT 'ADMINISTRATOR'::text NOT NULL
;;
ALTER TABLE directory.membership ADD COLUMN scopes jsonb
;;
ALTER TABLE directory.membership ADD COLUMN first_name text
;;
ALTER TABLE directory.membership ADD COLUMN last_name text
;;
ALTER TABLE directory.membership ADD COLUMN accepted_at timestamp with time zone
;;
UPDATE directory.membership SET accepted_at = created_at
;;
GRANT UPDATE (accepted_at, first_name, last_name, role, scopes) ON directory.membership TO contor_app
;;
ALTER TABLE directory.password_link ADD COLUMN organization_id uuid
;; autocommit
CREATE INDEX CONCURRENTLY IF NOT EXISTS audit_entry_at_ix ON audit_entry (tenant_id, at, id)
;;
CREATE INDEX CONCURRENTLY IF NOT EXISTS directory_audit_entry_organization_id_ix ON directory.audit_entry (organization_id, id)

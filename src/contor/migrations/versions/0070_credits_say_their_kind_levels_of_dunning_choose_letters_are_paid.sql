;; transaction
SET LOCAL lock_timeout = '3s'
;;
CREATE TABLE credit_kind (
	tenant_id bigint NOT NULL,
	document_id bigint NOT NULL,
	credited_document_id bigint NOT NULL,
	kind text NOT NULL,
	row_hash bytea,
	CONSTRAINT credit_kind_pkey PRIMARY KEY (tenant_id, document_id),
	CONSTRAINT credit_kind_tenant_id_credited_document_id_fkey FOREIGN KEY (tenant_id, credited_document_id) REFERENCES document(tenant_id, id)
)
;;
CREATE INDEX credit_kind_credited_ix ON credit_kind (tenant_id, credited_document_id)
;;
CREATE INDEX credit_kind_kind_ix ON credit_kind (tenant_id, kind, document_id)
;;
CREATE INDEX credit_kind_unhashed_ix ON credit_kind (tenant_id) WHERE row_hash IS NULL
;;
ALTER TABLE credit_kind ALTER COLUMN tenant_id SET STATISTICS 0
;;
ALTER TABLE credit_kind SET (autovacuum_freeze_min_age=0, autovacuum_vacuum_insert_scale_factor=0, autovacuum_vacuum_insert_threshold=20000)
;;
ALTER TABLE credit_kind ENABLE ROW LEVEL SECURITY
;;
ALTER TABLE credit_kind FORCE ROW LEVEL SECURITY
;;
CREATE POLICY tenant ON credit_kind USING (tenant_id = contor_tenant() AND tenant_id = current_setting('contor.tenant_id'::text)::bigint) WITH CHECK (tenant_id = contor_tenant() AND tenant_id = current_setting('contor.tenant_id'::text)::bigint)
;;
GRANT SELECT, INSERT ON credit_kind TO contor_app
;;
ALTER TABLE dunning_letter ADD COLUMN paid_at timestamp with time zone
;;
GRANT UPDATE (paid_at) ON dunning_letter TO contor_app
;;
ALTER TABLE mail ADD COLUMN template_ident text
;;
ALTER TABLE mail_template ADD COLUMN name text
;; autocommit
DROP INDEX CONCURRENTLY IF EXISTS mail_template_kind_key
;;
CREATE INDEX CONCURRENTLY IF NOT EXISTS dunning_letter_dated_ix ON dunning_letter (tenant_id, status, letter_date, letter_id)
;;
CREATE INDEX CONCURRENTLY IF NOT EXISTS dunning_letter_level_ix ON dunning_letter (tenant_id, status, level, letter_id)
;;
CREATE INDEX CONCURRENTLY IF NOT EXISTS dunning_letter_paid_ix ON dunning_letter (tenant_id, paid_at, letter_id)
;;
CREATE INDEX CONCURRENTLY IF NOT EXISTS dunning_letter_until_ix ON dunning_letter (tenant_id, status, pay_until, letter_id)
;;
CREATE UNIQUE INDEX CONCURRENTLY IF NOT EXISTS mail_template_usual_key ON mail_template (tenant_id, kind, lower(language)) WHERE name IS NULL

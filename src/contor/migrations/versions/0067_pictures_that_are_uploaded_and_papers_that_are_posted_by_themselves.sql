;; transaction
SET LOCAL lock_timeout = '3s'
;;
CREATE TABLE awaited_picture (
	tenant_id bigint NOT NULL,
	document_id bigint NOT NULL,
	until timestamp with time zone NOT NULL,
	source text,
	ended_at timestamp with time zone,
	CONSTRAINT awaited_picture_pkey PRIMARY KEY (tenant_id, document_id)
)
;;
CREATE INDEX awaited_picture_open_ix ON awaited_picture (tenant_id, until) WHERE source IS NULL
;;
ALTER TABLE awaited_picture ALTER COLUMN tenant_id SET STATISTICS 0
;;
ALTER TABLE awaited_picture ENABLE ROW LEVEL SECURITY
;;
ALTER TABLE awaited_picture FORCE ROW LEVEL SECURITY
;;
CREATE POLICY tenant ON awaited_picture USING (tenant_id = contor_tenant() AND tenant_id = current_setting('contor.tenant_id'::text)::bigint) WITH CHECK (tenant_id = contor_tenant() AND tenant_id = current_setting('contor.tenant_id'::text)::bigint)
;;
GRANT SELECT, INSERT ON awaited_picture TO contor_app
;;
GRANT UPDATE (ended_at, source) ON awaited_picture TO contor_app
;;
ALTER TABLE post_letter ADD COLUMN dunning_letter_ident text
;;
ALTER TABLE tenant_setting ADD COLUMN custom_picture text DEFAULT 'NONE'::text NOT NULL
;;
ALTER TABLE tenant_setting ADD COLUMN custom_picture_minutes integer DEFAULT 60 NOT NULL
;;
ALTER TABLE tenant_setting ADD COLUMN custom_picture_fallback boolean DEFAULT true NOT NULL
;; autocommit
CREATE UNIQUE INDEX CONCURRENTLY IF NOT EXISTS post_letter_dunning_letter_key ON post_letter (tenant_id, dunning_letter_ident) WHERE dunning_letter_ident IS NOT NULL
;;
CREATE INDEX CONCURRENTLY IF NOT EXISTS post_letter_unpaid_ix ON post_letter (tenant_id, created_at, ident) WHERE status = 'UNPAID'::text

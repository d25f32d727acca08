;; transaction
SET LOCAL lock_timeout = '3s'
;;
CREATE TABLE taken_over (
	tenant_id bigint NOT NULL,
	source text NOT NULL,
	kind text NOT NULL,
	number text NOT NULL,
	target text NOT NULL,
	taken_at timestamp with time zone NOT NULL,
	CONSTRAINT taken_over_pkey PRIMARY KEY (tenant_id, source, kind, number)
)
;;
CREATE INDEX taken_over_target_ix ON taken_over (tenant_id, kind, target)
;;
ALTER TABLE taken_over ALTER COLUMN tenant_id SET STATISTICS 0
;;
ALTER TABLE taken_over SET (autovacuum_freeze_min_age=0, autovacuum_vacuum_insert_scale_factor=0, autovacuum_vacuum_insert_threshold=20000)
;;
ALTER TABLE taken_over ENABLE ROW LEVEL SECURITY
;;
ALTER TABLE taken_over FORCE ROW LEVEL SECURITY
;;
CREATE POLICY tenant ON taken_over USING (tenant_id = contor_tenant() AND tenant_id = current_setting('contor.tenant_id'::text)::bigint) WITH CHECK (tenant_id = contor_tenant() AND tenant_id = current_setting('contor.tenant_id'::text)::bigint)
;;
GRANT SELECT, INSERT ON taken_over TO contor_app

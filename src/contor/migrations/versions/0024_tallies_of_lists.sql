;; transaction
SET LOCAL lock_timeout = '3s'
;;
CREATE TABLE row_tally (
	tenant_id bigint NOT NULL,
	name text NOT NULL,
	id uuid NOT NULL,
	cell bigint NOT NULL,
	last_cell bigint NOT NULL,
	rows bigint NOT NULL,
	counted boolean NOT NULL,
	CONSTRAINT row_tally_pkey PRIMARY KEY (tenant_id, name, id)
)
;;
ALTER TABLE row_tally ENABLE ROW LEVEL SECURITY
;;
ALTER TABLE row_tally FORCE ROW LEVEL SECURITY
;;
CREATE POLICY tenant ON row_tally USING (tenant_id = contor_tenant() AND tenant_id = current_setting('contor.tenant_id'::text)::bigint) WITH CHECK (tenant_id = contor_tenant() AND tenant_id = current_setting('contor.tenant_id'::text)::bigint)
;;
GRANT SELECT, INSERT, DELETE ON row_tally TO contor_app
;;
ALTER TABLE row_tally ALTER COLUMN tenant_id SET STATISTICS 0
;;
ALTER TABLE row_tally SET (autovacuum_vacuum_scale_factor=0, autovacuum_vacuum_threshold=1000)

;; transaction
SET LOCAL lock_timeout = '3s'
;;
CREATE TABLE oss_late (
	tenant_id bigint NOT NULL,
	document_id bigint NOT NULL,
	done boolean NOT NULL,
	CONSTRAINT oss_late_pkey PRIMARY KEY (tenant_id)
)
;;
ALTER TABLE oss_late ALTER COLUMN tenant_id SET STATISTICS 0
;;
ALTER TABLE oss_late ENABLE ROW LEVEL SECURITY
;;
ALTER TABLE oss_late FORCE ROW LEVEL SECURITY
;;
CREATE POLICY tenant ON oss_late USING (tenant_id = contor_tenant() AND tenant_id = current_setting('contor.tenant_id'::text)::bigint) WITH CHECK (tenant_id = contor_tenant() AND tenant_id = current_setting('contor.tenant_id'::text)::bigint)
;;
GRANT SELECT, INSERT ON oss_late TO contor_app
;;
GRANT UPDATE (document_id, done) ON oss_late TO contor_app

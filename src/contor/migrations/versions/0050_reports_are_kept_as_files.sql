;; transaction
SET LOCAL lock_timeout = '3s'
;;
CREATE TABLE report (
	tenant_id bigint NOT NULL,
	report_ident text NOT NULL,
	id bigint NOT NULL,
	type text NOT NULL,
	period text NOT NULL,
	format text NOT NULL,
	language text NOT NULL,
	status text NOT NULL,
	reason text,
	period_closed boolean NOT NULL,
	rows bigint,
	size bigint,
	sha256 text,
	sums jsonb,
	created_by text NOT NULL,
	created_at timestamp with time zone NOT NULL,
	completed_at timestamp with time zone,
	CONSTRAINT report_pkey PRIMARY KEY (tenant_id, report_ident)
)
;;
CREATE INDEX report_created_ix ON report (tenant_id, created_at, id)
;;
CREATE UNIQUE INDEX report_id_key ON report (tenant_id, id)
;;
CREATE INDEX report_period_ix ON report (tenant_id, period, created_at, id)
;;
CREATE INDEX report_type_ix ON report (tenant_id, type, created_at, id)
;;
CREATE INDEX report_waiting_ix ON report (tenant_id, id) WHERE status = 'WAITING'::text
;;
ALTER TABLE report ALTER COLUMN tenant_id SET STATISTICS 0
;;
ALTER TABLE report ENABLE ROW LEVEL SECURITY
;;
ALTER TABLE report FORCE ROW LEVEL SECURITY
;;
CREATE POLICY tenant ON report USING (tenant_id = contor_tenant() AND tenant_id = current_setting('contor.tenant_id'::text)::bigint) WITH CHECK (tenant_id = contor_tenant() AND tenant_id = current_setting('contor.tenant_id'::text)::bigint)
;;
GRANT SELECT, INSERT, DELETE ON report TO contor_app
;;
GRANT UPDATE (completed_at, period_closed, reason, rows, sha256, size, status, sums) ON report TO contor_app

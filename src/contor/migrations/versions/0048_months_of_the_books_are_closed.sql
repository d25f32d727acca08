;; transaction
SET LOCAL lock_timeout = '3s'
;;
CREATE TABLE posting_period (
	tenant_id bigint NOT NULL,
	month text NOT NULL,
	status text NOT NULL,
	closing_at timestamp with time zone NOT NULL,
	closing_by text NOT NULL,
	acknowledged jsonb NOT NULL,
	deferring boolean NOT NULL,
	revaluing boolean NOT NULL,
	closed_at timestamp with time zone,
	last_journal_number bigint,
	CONSTRAINT posting_period_pkey PRIMARY KEY (tenant_id, month)
)
;;
ALTER TABLE posting_period ALTER COLUMN tenant_id SET STATISTICS 0
;;
ALTER TABLE posting_period ENABLE ROW LEVEL SECURITY
;;
ALTER TABLE posting_period FORCE ROW LEVEL SECURITY
;;
CREATE POLICY tenant ON posting_period USING (tenant_id = contor_tenant() AND tenant_id = current_setting('contor.tenant_id'::text)::bigint) WITH CHECK (tenant_id = contor_tenant() AND tenant_id = current_setting('contor.tenant_id'::text)::bigint)
;;
GRANT SELECT, INSERT ON posting_period TO contor_app
;;
GRANT UPDATE (closed_at, last_journal_number, status) ON posting_period TO contor_app

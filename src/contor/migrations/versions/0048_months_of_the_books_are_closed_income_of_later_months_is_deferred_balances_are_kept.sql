;; transaction
SET LOCAL lock_timeout = '3s'
;;
CREATE TABLE account_month (
	tenant_id bigint NOT NULL,
	month text NOT NULL,
	kind text NOT NULL,
	account bigint NOT NULL,
	currency text NOT NULL,
	debit numeric(25,4) NOT NULL,
	credit numeric(25,4) NOT NULL,
	CONSTRAINT account_month_pkey PRIMARY KEY (tenant_id, month, kind, account, currency)
)
;;
ALTER TABLE account_month ALTER COLUMN tenant_id SET STATISTICS 0
;;
ALTER TABLE account_month ENABLE ROW LEVEL SECURITY
;;
ALTER TABLE account_month FORCE ROW LEVEL SECURITY
;;
CREATE POLICY tenant ON account_month USING (tenant_id = contor_tenant() AND tenant_id = current_setting('contor.tenant_id'::text)::bigint) WITH CHECK (tenant_id = contor_tenant() AND tenant_id = current_setting('contor.tenant_id'::text)::bigint)
;;
GRANT SELECT, INSERT ON account_month TO contor_app
;;
GRANT UPDATE (credit, debit) ON account_month TO contor_app
;;
CREATE TABLE deferred_part (
	tenant_id bigint NOT NULL,
	document_id bigint NOT NULL,
	"position" integer NOT NULL,
	month text NOT NULL,
	amount numeric(19,4) NOT NULL,
	CONSTRAINT deferred_part_pkey PRIMARY KEY (tenant_id, document_id, "position", month)
)
;;
CREATE INDEX deferred_part_month_ix ON deferred_part (tenant_id, month, document_id, "position")
;;
ALTER TABLE deferred_part ALTER COLUMN tenant_id SET STATISTICS 0
;;
ALTER TABLE deferred_part SET (autovacuum_freeze_min_age=0, autovacuum_vacuum_insert_scale_factor=0, autovacuum_vacuum_insert_threshold=20000)
;;
ALTER TABLE deferred_part ENABLE ROW LEVEL SECURITY
;;
ALTER TABLE deferred_part FORCE ROW LEVEL SECURITY
;;
CREATE POLICY tenant ON deferred_part USING (tenant_id = contor_tenant() AND tenant_id = current_setting('contor.tenant_id'::text)::bigint) WITH CHECK (tenant_id = contor_tenant() AND tenant_id = current_setting('contor.tenant_id'::text)::bigint)
;;
GRANT SELECT, INSERT ON deferred_part TO contor_app
;;
CREATE TABLE deferred_row (
	tenant_id bigint NOT NULL,
	document_id bigint NOT NULL,
	"position" integer NOT NULL,
	document_ident text NOT NULL,
	customer_ident text NOT NULL,
	account bigint NOT NULL,
	cost_centre text,
	currency text NOT NULL,
	net numeric(19,4) NOT NULL,
	period_start date NOT NULL,
	period_end date NOT NULL,
	deferred_in text NOT NULL,
	deferred numeric(19,4) NOT NULL,
	released_through text NOT NULL,
	credited_document_id bigint,
	credited_position integer,
	row_hash bytea,
	CONSTRAINT deferred_row_pkey PRIMARY KEY (tenant_id, document_id, "position")
)
;;
CREATE INDEX deferred_row_credited_ix ON deferred_row (tenant_id, credited_document_id, credited_position) WHERE credited_document_id IS NOT NULL
;;
CREATE INDEX deferred_row_customer_ix ON deferred_row (tenant_id, customer_ident, document_id, "position")
;;
CREATE INDEX deferred_row_deferred_in_ix ON deferred_row (tenant_id, deferred_in, document_id, "position")
;;
CREATE INDEX deferred_row_document_ix ON deferred_row (tenant_id, document_ident, "position")
;;
CREATE INDEX deferred_row_released_through_ix ON deferred_row (tenant_id, released_through, document_id, "position")
;;
CREATE INDEX deferred_row_unhashed_ix ON deferred_row (tenant_id) WHERE row_hash IS NULL
;;
ALTER TABLE deferred_row ALTER COLUMN tenant_id SET STATISTICS 0
;;
ALTER TABLE deferred_row SET (autovacuum_freeze_min_age=0, autovacuum_vacuum_insert_scale_factor=0, autovacuum_vacuum_insert_threshold=20000)
;;
ALTER TABLE deferred_row ENABLE ROW LEVEL SECURITY
;;
ALTER TABLE deferred_row FORCE ROW LEVEL SECURITY
;;
CREATE POLICY tenant ON deferred_row USING (tenant_id = contor_tenant() AND tenant_id = current_setting('contor.tenant_id'::text)::bigint) WITH CHECK (tenant_id = contor_tenant() AND tenant_id = current_setting('contor.tenant_id'::text)::bigint)
;;
GRANT SELECT, INSERT ON deferred_row TO contor_app
;;
CREATE TABLE ledger_fold (
	tenant_id bigint NOT NULL,
	fiscal_year integer NOT NULL,
	through bigint NOT NULL,
	CONSTRAINT ledger_fold_pkey PRIMARY KEY (tenant_id, fiscal_year)
)
;;
ALTER TABLE ledger_fold ALTER COLUMN tenant_id SET STATISTICS 0
;;
ALTER TABLE ledger_fold ENABLE ROW LEVEL SECURITY
;;
ALTER TABLE ledger_fold FORCE ROW LEVEL SECURITY
;;
CREATE POLICY tenant ON ledger_fold USING (tenant_id = contor_tenant() AND tenant_id = current_setting('contor.tenant_id'::text)::bigint) WITH CHECK (tenant_id = contor_tenant() AND tenant_id = current_setting('contor.tenant_id'::text)::bigint)
;;
GRANT SELECT, INSERT ON ledger_fold TO contor_app
;;
GRANT UPDATE (through) ON ledger_fold TO contor_app
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
;;
ALTER TABLE tenant_setting ADD COLUMN deferred_income text DEFAULT 'NONE'::text NOT NULL
;;
ALTER TABLE tenant_setting ADD COLUMN revaluation text DEFAULT 'NONE'::text NOT NULL

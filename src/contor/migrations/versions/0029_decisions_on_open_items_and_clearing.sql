;; transaction
SET LOCAL lock_timeout = '3s'
;;
CREATE TABLE clearing_run (
	tenant_id bigint NOT NULL,
	ident text NOT NULL,
	id bigint NOT NULL,
	customer_ident text,
	currency text,
	case_ids jsonb,
	status text NOT NULL,
	reason text,
	reached_customer text NOT NULL,
	reached_currency text NOT NULL,
	is_reversing boolean NOT NULL,
	created_at timestamp with time zone NOT NULL,
	completed_at timestamp with time zone,
	reversed_at timestamp with time zone,
	CONSTRAINT clearing_run_pkey PRIMARY KEY (tenant_id, ident)
)
;;
CREATE INDEX clearing_run_created_ix ON clearing_run (tenant_id, created_at, ident)
;;
CREATE INDEX clearing_run_open_ix ON clearing_run (tenant_id, id) WHERE status = ANY (ARRAY['CREATED'::text, 'PROCESSING'::text])
;;
ALTER TABLE clearing_run ALTER COLUMN tenant_id SET STATISTICS 0
;;
ALTER TABLE clearing_run ENABLE ROW LEVEL SECURITY
;;
ALTER TABLE clearing_run FORCE ROW LEVEL SECURITY
;;
CREATE POLICY tenant ON clearing_run USING (tenant_id = contor_tenant() AND tenant_id = current_setting('contor.tenant_id'::text)::bigint) WITH CHECK (tenant_id = contor_tenant() AND tenant_id = current_setting('contor.tenant_id'::text)::bigint)
;;
GRANT SELECT, INSERT ON clearing_run TO contor_app
;;
GRANT UPDATE (completed_at, is_reversing, reached_currency, reached_customer, reason, reversed_at, status) ON clearing_run TO contor_app
;;
CREATE TABLE ledger_clearing (
	tenant_id bigint NOT NULL,
	clearing_id bigint NOT NULL,
	account bigint NOT NULL,
	currency text NOT NULL,
	amount numeric(19,4) NOT NULL,
	created_at timestamp with time zone NOT NULL,
	CONSTRAINT ledger_clearing_pkey PRIMARY KEY (tenant_id, clearing_id)
)
;;
CREATE INDEX ledger_clearing_account_ix ON ledger_clearing (tenant_id, account, currency, created_at, clearing_id)
;;
ALTER TABLE ledger_clearing ALTER COLUMN tenant_id SET STATISTICS 0
;;
ALTER TABLE ledger_clearing ENABLE ROW LEVEL SECURITY
;;
ALTER TABLE ledger_clearing FORCE ROW LEVEL SECURITY
;;
CREATE POLICY tenant ON ledger_clearing USING (tenant_id = contor_tenant() AND tenant_id = current_setting('contor.tenant_id'::text)::bigint) WITH CHECK (tenant_id = contor_tenant() AND tenant_id = current_setting('contor.tenant_id'::text)::bigint)
;;
GRANT SELECT, INSERT, DELETE ON ledger_clearing TO contor_app
;;
CREATE TABLE opos_decision (
	tenant_id bigint NOT NULL,
	ident text NOT NULL,
	id bigint NOT NULL,
	document_id bigint NOT NULL,
	opos_case_ident text NOT NULL,
	customer_ident text NOT NULL,
	currency text NOT NULL,
	type text NOT NULL,
	amount numeric(19,4) NOT NULL,
	debit_credit_indicator text NOT NULL,
	allowance numeric(19,4),
	note text,
	decided_on date NOT NULL,
	reversion_target_ident text,
	created_at timestamp with time zone NOT NULL,
	row_hash bytea,
	CONSTRAINT opos_decision_pkey PRIMARY KEY (tenant_id, ident),
	CONSTRAINT opos_decision_tenant_id_document_id_fkey FOREIGN KEY (tenant_id, document_id) REFERENCES opos_case(tenant_id, document_id)
)
;;
CREATE INDEX opos_decision_case_ix ON opos_decision (tenant_id, document_id, created_at, ident)
;;
CREATE INDEX opos_decision_created_ix ON opos_decision (tenant_id, created_at, ident)
;;
CREATE UNIQUE INDEX opos_decision_reversion_key ON opos_decision (tenant_id, reversion_target_ident) WHERE reversion_target_ident IS NOT NULL
;;
CREATE INDEX opos_decision_unhashed_ix ON opos_decision (tenant_id) WHERE row_hash IS NULL
;;
ALTER TABLE opos_decision ALTER COLUMN tenant_id SET STATISTICS 0
;;
ALTER TABLE opos_decision SET (autovacuum_freeze_min_age=0, autovacuum_vacuum_insert_scale_factor=0, autovacuum_vacuum_insert_threshold=20000)
;;
ALTER TABLE opos_decision ENABLE ROW LEVEL SECURITY
;;
ALTER TABLE opos_decision FORCE ROW LEVEL SECURITY
;;
CREATE POLICY tenant ON opos_decision USING (tenant_id = contor_tenant() AND tenant_id = current_setting('contor.tenant_id'::text)::bigint) WITH CHECK (tenant_id = contor_tenant() AND tenant_id = current_setting('contor.tenant_id'::text)::bigint)
;;
GRANT SELECT, INSERT ON opos_decision TO contor_app
;;
CREATE TABLE clearing_run_item (
	tenant_id bigint NOT NULL,
	run_ident text NOT NULL,
	ident text NOT NULL,
	id bigint NOT NULL,
	document_id bigint NOT NULL,
	opos_case_ident text NOT NULL,
	counter_case_ident text,
	customer_ident text NOT NULL,
	currency text NOT NULL,
	amount numeric(19,4) NOT NULL,
	debit_credit_indicator text NOT NULL,
	status text NOT NULL,
	reason text,
	movement_id bigint,
	created_at timestamp with time zone NOT NULL,
	CONSTRAINT clearing_run_item_pkey PRIMARY KEY (tenant_id, run_ident, ident),
	CONSTRAINT clearing_run_item_tenant_id_run_ident_fkey FOREIGN KEY (tenant_id, run_ident) REFERENCES clearing_run(tenant_id, ident)
)
;;
CREATE INDEX clearing_run_item_case_ix ON clearing_run_item (tenant_id, document_id, id)
;;
CREATE INDEX clearing_run_item_movement_ix ON clearing_run_item (tenant_id, movement_id) WHERE movement_id IS NOT NULL
;;
CREATE INDEX clearing_run_item_order_ix ON clearing_run_item (tenant_id, run_ident, id)
;;
ALTER TABLE clearing_run_item ALTER COLUMN tenant_id SET STATISTICS 0
;;
ALTER TABLE clearing_run_item ENABLE ROW LEVEL SECURITY
;;
ALTER TABLE clearing_run_item FORCE ROW LEVEL SECURITY
;;
CREATE POLICY tenant ON clearing_run_item USING (tenant_id = contor_tenant() AND tenant_id = current_setting('contor.tenant_id'::text)::bigint) WITH CHECK (tenant_id = contor_tenant() AND tenant_id = current_setting('contor.tenant_id'::text)::bigint)
;;
GRANT SELECT, INSERT ON clearing_run_item TO contor_app
;;
GRANT UPDATE (status) ON clearing_run_item TO contor_app
;;
CREATE TABLE ledger_clearing_line (
	tenant_id bigint NOT NULL,
	entry_id bigint NOT NULL,
	"position" integer NOT NULL,
	clearing_id bigint NOT NULL,
	side text NOT NULL,
	CONSTRAINT ledger_clearing_line_pkey PRIMARY KEY (tenant_id, entry_id, "position"),
	CONSTRAINT ledger_clearing_line_tenant_id_clearing_id_fkey FOREIGN KEY (tenant_id, clearing_id) REFERENCES ledger_clearing(tenant_id, clearing_id) ON DELETE CASCADE
)
;;
CREATE INDEX ledger_clearing_line_of_ix ON ledger_clearing_line (tenant_id, clearing_id, entry_id, "position")
;;
ALTER TABLE ledger_clearing_line ALTER COLUMN tenant_id SET STATISTICS 0
;;
ALTER TABLE ledger_clearing_line ENABLE ROW LEVEL SECURITY
;;
ALTER TABLE ledger_clearing_line FORCE ROW LEVEL SECURITY
;;
CREATE POLICY tenant ON ledger_clearing_line USING (tenant_id = contor_tenant() AND tenant_id = current_setting('contor.tenant_id'::text)::bigint) WITH CHECK (tenant_id = contor_tenant() AND tenant_id = current_setting('contor.tenant_id'::text)::bigint)
;;
GRANT SELECT, INSERT, DELETE ON ledger_clearing_line TO contor_app
;;
ALTER TABLE opos_case ADD COLUMN dunning_block_reason text
;;
ALTER TABLE opos_case ADD COLUMN dunning_block_until date
;;
GRANT UPDATE (dunning_block_reason, dunning_block_until) ON opos_case TO contor_app
;; autocommit
CREATE INDEX CONCURRENTLY IF NOT EXISTS opos_case_credit_ix ON opos_case (tenant_id, customer_ident, currency) WHERE status = 'OPEN'::text AND balance < 0::numeric

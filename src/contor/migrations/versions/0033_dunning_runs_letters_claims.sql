;; transaction
SET LOCAL lock_timeout = '3s'
;;
CREATE TABLE base_rate (
	tenant_id bigint NOT NULL,
	ident text NOT NULL,
	valid_from date NOT NULL,
	rate numeric(19,4) NOT NULL,
	created_at timestamp with time zone NOT NULL,
	last_modified_at timestamp with time zone NOT NULL,
	CONSTRAINT base_rate_pkey PRIMARY KEY (tenant_id, ident)
)
;;
CREATE UNIQUE INDEX base_rate_valid_from_key ON base_rate (tenant_id, valid_from)
;;
ALTER TABLE base_rate ALTER COLUMN tenant_id SET STATISTICS 0
;;
ALTER TABLE base_rate ENABLE ROW LEVEL SECURITY
;;
ALTER TABLE base_rate FORCE ROW LEVEL SECURITY
;;
CREATE POLICY tenant ON base_rate USING (tenant_id = contor_tenant() AND tenant_id = current_setting('contor.tenant_id'::text)::bigint) WITH CHECK (tenant_id = contor_tenant() AND tenant_id = current_setting('contor.tenant_id'::text)::bigint)
;;
GRANT SELECT, INSERT, UPDATE, DELETE ON base_rate TO contor_app
;;
CREATE TABLE dunning_claim (
	tenant_id bigint NOT NULL,
	claim_ident text NOT NULL,
	claim_id bigint NOT NULL,
	letter_id bigint NOT NULL,
	document_id bigint NOT NULL,
	document_ident text NOT NULL,
	customer_ident text NOT NULL,
	kind text NOT NULL,
	amount numeric(19,4) NOT NULL,
	currency text NOT NULL,
	booked boolean NOT NULL,
	claimed_on date NOT NULL,
	status text NOT NULL,
	paid numeric(19,4) DEFAULT 0 NOT NULL,
	waived numeric(19,4) DEFAULT 0 NOT NULL,
	created_at timestamp with time zone NOT NULL,
	row_hash bytea,
	CONSTRAINT dunning_claim_pkey PRIMARY KEY (tenant_id, claim_ident)
)
;;
CREATE INDEX dunning_claim_customer_ix ON dunning_claim (tenant_id, customer_ident, claim_id)
;;
CREATE INDEX dunning_claim_document_ix ON dunning_claim (tenant_id, document_id, claim_id)
;;
CREATE UNIQUE INDEX dunning_claim_id_key ON dunning_claim (tenant_id, claim_id)
;;
CREATE INDEX dunning_claim_letter_ix ON dunning_claim (tenant_id, letter_id, claim_id)
;;
CREATE INDEX dunning_claim_status_ix ON dunning_claim (tenant_id, status, claim_id)
;;
CREATE INDEX dunning_claim_unhashed_ix ON dunning_claim (tenant_id) WHERE row_hash IS NULL
;;
ALTER TABLE dunning_claim ALTER COLUMN tenant_id SET STATISTICS 0
;;
ALTER TABLE dunning_claim ENABLE ROW LEVEL SECURITY
;;
ALTER TABLE dunning_claim FORCE ROW LEVEL SECURITY
;;
CREATE POLICY tenant ON dunning_claim USING (tenant_id = contor_tenant() AND tenant_id = current_setting('contor.tenant_id'::text)::bigint) WITH CHECK (tenant_id = contor_tenant() AND tenant_id = current_setting('contor.tenant_id'::text)::bigint)
;;
GRANT SELECT, INSERT ON dunning_claim TO contor_app
;;
GRANT UPDATE (paid, status, waived) ON dunning_claim TO contor_app
;;
CREATE TABLE dunning_configuration (
	tenant_id bigint NOT NULL,
	content jsonb NOT NULL,
	last_modified_at timestamp with time zone NOT NULL,
	CONSTRAINT dunning_configuration_pkey PRIMARY KEY (tenant_id)
)
;;
ALTER TABLE dunning_configuration ALTER COLUMN tenant_id SET STATISTICS 0
;;
ALTER TABLE dunning_configuration ENABLE ROW LEVEL SECURITY
;;
ALTER TABLE dunning_configuration FORCE ROW LEVEL SECURITY
;;
CREATE POLICY tenant ON dunning_configuration USING (tenant_id = contor_tenant() AND tenant_id = current_setting('contor.tenant_id'::text)::bigint) WITH CHECK (tenant_id = contor_tenant() AND tenant_id = current_setting('contor.tenant_id'::text)::bigint)
;;
GRANT SELECT, INSERT, UPDATE, DELETE ON dunning_configuration TO contor_app
;;
CREATE TABLE dunning_run (
	tenant_id bigint NOT NULL,
	run_ident text NOT NULL,
	run_id bigint NOT NULL,
	status text NOT NULL,
	as_of date NOT NULL,
	automatic boolean NOT NULL,
	debtor_idents jsonb,
	configuration jsonb NOT NULL,
	after text DEFAULT ''::text NOT NULL,
	money_after text,
	created_at timestamp with time zone NOT NULL,
	approved_at timestamp with time zone,
	completed_at timestamp with time zone,
	CONSTRAINT dunning_run_pkey PRIMARY KEY (tenant_id, run_ident)
)
;;
CREATE INDEX dunning_run_day_ix ON dunning_run (tenant_id, as_of)
;;
CREATE UNIQUE INDEX dunning_run_open_key ON dunning_run (tenant_id) WHERE status = ANY (ARRAY['CREATED'::text, 'PREVIEWED'::text, 'APPROVED'::text])
;;
ALTER TABLE dunning_run ALTER COLUMN tenant_id SET STATISTICS 0
;;
ALTER TABLE dunning_run ENABLE ROW LEVEL SECURITY
;;
ALTER TABLE dunning_run FORCE ROW LEVEL SECURITY
;;
CREATE POLICY tenant ON dunning_run USING (tenant_id = contor_tenant() AND tenant_id = current_setting('contor.tenant_id'::text)::bigint) WITH CHECK (tenant_id = contor_tenant() AND tenant_id = current_setting('contor.tenant_id'::text)::bigint)
;;
GRANT SELECT, INSERT ON dunning_run TO contor_app
;;
GRANT UPDATE (after, approved_at, completed_at, money_after, status) ON dunning_run TO contor_app
;;
CREATE TABLE dunning_claim_move (
	tenant_id bigint NOT NULL,
	move_id bigint NOT NULL,
	claim_ident text NOT NULL,
	kind text NOT NULL,
	amount numeric(19,4) NOT NULL,
	payment_ident text,
	note text,
	booked_on date NOT NULL,
	created_at timestamp with time zone NOT NULL,
	reversal_of bigint,
	row_hash bytea,
	CONSTRAINT dunning_claim_move_pkey PRIMARY KEY (tenant_id, move_id),
	CONSTRAINT dunning_claim_move_tenant_id_claim_ident_fkey FOREIGN KEY (tenant_id, claim_ident) REFERENCES dunning_claim(tenant_id, claim_ident)
)
;;
CREATE INDEX dunning_claim_move_claim_ix ON dunning_claim_move (tenant_id, claim_ident, move_id)
;;
CREATE INDEX dunning_claim_move_payment_ix ON dunning_claim_move (tenant_id, payment_ident) WHERE payment_ident IS NOT NULL
;;
CREATE UNIQUE INDEX dunning_claim_move_reversal_key ON dunning_claim_move (tenant_id, reversal_of) WHERE reversal_of IS NOT NULL
;;
CREATE INDEX dunning_claim_move_unhashed_ix ON dunning_claim_move (tenant_id) WHERE row_hash IS NULL
;;
ALTER TABLE dunning_claim_move ALTER COLUMN tenant_id SET STATISTICS 0
;;
ALTER TABLE dunning_claim_move SET (autovacuum_freeze_min_age=0, autovacuum_vacuum_insert_scale_factor=0, autovacuum_vacuum_insert_threshold=20000)
;;
ALTER TABLE dunning_claim_move ENABLE ROW LEVEL SECURITY
;;
ALTER TABLE dunning_claim_move FORCE ROW LEVEL SECURITY
;;
CREATE POLICY tenant ON dunning_claim_move USING (tenant_id = contor_tenant() AND tenant_id = current_setting('contor.tenant_id'::text)::bigint) WITH CHECK (tenant_id = contor_tenant() AND tenant_id = current_setting('contor.tenant_id'::text)::bigint)
;;
GRANT SELECT, INSERT ON dunning_claim_move TO contor_app
;;
CREATE TABLE dunning_handover (
	tenant_id bigint NOT NULL,
	document_id bigint NOT NULL,
	run_ident text NOT NULL,
	customer_ident text NOT NULL,
	document_ident text NOT NULL,
	currency text NOT NULL,
	outstanding numeric(19,4) NOT NULL,
	costs numeric(19,4) NOT NULL,
	interest numeric(19,4) NOT NULL,
	handed_over_on date NOT NULL,
	created_at timestamp with time zone NOT NULL,
	row_hash bytea,
	CONSTRAINT dunning_handover_pkey PRIMARY KEY (tenant_id, document_id),
	CONSTRAINT dunning_handover_tenant_id_run_ident_fkey FOREIGN KEY (tenant_id, run_ident) REFERENCES dunning_run(tenant_id, run_ident)
)
;;
CREATE INDEX dunning_handover_run_ix ON dunning_handover (tenant_id, run_ident, document_id)
;;
CREATE INDEX dunning_handover_unhashed_ix ON dunning_handover (tenant_id) WHERE row_hash IS NULL
;;
ALTER TABLE dunning_handover ALTER COLUMN tenant_id SET STATISTICS 0
;;
ALTER TABLE dunning_handover SET (autovacuum_freeze_min_age=0, autovacuum_vacuum_insert_scale_factor=0, autovacuum_vacuum_insert_threshold=20000)
;;
ALTER TABLE dunning_handover ENABLE ROW LEVEL SECURITY
;;
ALTER TABLE dunning_handover FORCE ROW LEVEL SECURITY
;;
CREATE POLICY tenant ON dunning_handover USING (tenant_id = contor_tenant() AND tenant_id = current_setting('contor.tenant_id'::text)::bigint) WITH CHECK (tenant_id = contor_tenant() AND tenant_id = current_setting('contor.tenant_id'::text)::bigint)
;;
GRANT SELECT, INSERT ON dunning_handover TO contor_app
;;
CREATE TABLE dunning_item (
	tenant_id bigint NOT NULL,
	run_ident text NOT NULL,
	document_id bigint NOT NULL,
	customer_ident text NOT NULL,
	document_ident text NOT NULL,
	currency text NOT NULL,
	document_date date NOT NULL,
	due_date date NOT NULL,
	opening numeric(19,4) NOT NULL,
	outstanding numeric(19,4) NOT NULL,
	outcome text NOT NULL,
	level_before integer NOT NULL,
	level integer NOT NULL,
	letter_id bigint,
	charged numeric(19,4) NOT NULL,
	fee numeric(19,4) NOT NULL,
	flat numeric(19,4) NOT NULL,
	interest numeric(19,4) NOT NULL,
	interest_from date,
	interest_until date,
	note text,
	row_hash bytea,
	CONSTRAINT dunning_item_pkey PRIMARY KEY (tenant_id, run_ident, document_id),
	CONSTRAINT dunning_item_tenant_id_run_ident_fkey FOREIGN KEY (tenant_id, run_ident) REFERENCES dunning_run(tenant_id, run_ident)
)
;;
CREATE INDEX dunning_item_document_ix ON dunning_item (tenant_id, document_id, letter_id)
;;
CREATE INDEX dunning_item_letter_ix ON dunning_item (tenant_id, letter_id, document_id) WHERE letter_id IS NOT NULL
;;
CREATE INDEX dunning_item_outcome_ix ON dunning_item (tenant_id, run_ident, outcome, document_id)
;;
CREATE INDEX dunning_item_unhashed_ix ON dunning_item (tenant_id) WHERE row_hash IS NULL
;;
ALTER TABLE dunning_item ALTER COLUMN tenant_id SET STATISTICS 0
;;
ALTER TABLE dunning_item ENABLE ROW LEVEL SECURITY
;;
ALTER TABLE dunning_item FORCE ROW LEVEL SECURITY
;;
CREATE POLICY tenant ON dunning_item USING (tenant_id = contor_tenant() AND tenant_id = current_setting('contor.tenant_id'::text)::bigint) WITH CHECK (tenant_id = contor_tenant() AND tenant_id = current_setting('contor.tenant_id'::text)::bigint)
;;
GRANT SELECT, INSERT ON dunning_item TO contor_app
;;
GRANT UPDATE (outcome) ON dunning_item TO contor_app
;;
CREATE TABLE dunning_letter (
	tenant_id bigint NOT NULL,
	letter_ident text NOT NULL,
	letter_id bigint NOT NULL,
	run_ident text NOT NULL,
	customer_ident text NOT NULL,
	currency text NOT NULL,
	company text NOT NULL,
	level integer NOT NULL,
	status text NOT NULL,
	letter_date date NOT NULL,
	pay_until date NOT NULL,
	outstanding numeric(19,4) NOT NULL,
	costs numeric(19,4) NOT NULL,
	interest numeric(19,4) NOT NULL,
	demand numeric(19,4) NOT NULL,
	made_at timestamp with time zone,
	withdrawn_at timestamp with time zone,
	file_sha256 text,
	file_size bigint,
	row_hash bytea,
	CONSTRAINT dunning_letter_pkey PRIMARY KEY (tenant_id, letter_ident),
	CONSTRAINT dunning_letter_tenant_id_run_ident_fkey FOREIGN KEY (tenant_id, run_ident) REFERENCES dunning_run(tenant_id, run_ident)
)
;;
CREATE INDEX dunning_letter_customer_ix ON dunning_letter (tenant_id, customer_ident, letter_id)
;;
CREATE UNIQUE INDEX dunning_letter_id_key ON dunning_letter (tenant_id, letter_id)
;;
CREATE INDEX dunning_letter_previewed_ix ON dunning_letter (tenant_id, run_ident, letter_id) WHERE status = 'PREVIEWED'::text
;;
CREATE INDEX dunning_letter_run_ix ON dunning_letter (tenant_id, run_ident, letter_id)
;;
CREATE INDEX dunning_letter_status_ix ON dunning_letter (tenant_id, status, letter_id)
;;
CREATE INDEX dunning_letter_unhashed_ix ON dunning_letter (tenant_id) WHERE row_hash IS NULL
;;
ALTER TABLE dunning_letter ALTER COLUMN tenant_id SET STATISTICS 0
;;
ALTER TABLE dunning_letter ENABLE ROW LEVEL SECURITY
;;
ALTER TABLE dunning_letter FORCE ROW LEVEL SECURITY
;;
CREATE POLICY tenant ON dunning_letter USING (tenant_id = contor_tenant() AND tenant_id = current_setting('contor.tenant_id'::text)::bigint) WITH CHECK (tenant_id = contor_tenant() AND tenant_id = current_setting('contor.tenant_id'::text)::bigint)
;;
GRANT SELECT, INSERT ON dunning_letter TO contor_app
;;
GRANT UPDATE (file_sha256, file_size, made_at, status, withdrawn_at) ON dunning_letter TO contor_app
;;
CREATE TABLE dunning_run_money (
	tenant_id bigint NOT NULL,
	run_ident text NOT NULL,
	payment_ident text NOT NULL,
	customer_ident text NOT NULL,
	currency text NOT NULL,
	amount numeric(19,4) NOT NULL,
	CONSTRAINT dunning_run_money_pkey PRIMARY KEY (tenant_id, run_ident, payment_ident, customer_ident),
	CONSTRAINT dunning_run_money_tenant_id_run_ident_fkey FOREIGN KEY (tenant_id, run_ident) REFERENCES dunning_run(tenant_id, run_ident)
)
;;
CREATE INDEX dunning_run_money_customer_ix ON dunning_run_money (tenant_id, run_ident, customer_ident)
;;
ALTER TABLE dunning_run_money ALTER COLUMN tenant_id SET STATISTICS 0
;;
ALTER TABLE dunning_run_money SET (autovacuum_freeze_min_age=0, autovacuum_vacuum_insert_scale_factor=0, autovacuum_vacuum_insert_threshold=20000)
;;
ALTER TABLE dunning_run_money ENABLE ROW LEVEL SECURITY
;;
ALTER TABLE dunning_run_money FORCE ROW LEVEL SECURITY
;;
CREATE POLICY tenant ON dunning_run_money USING (tenant_id = contor_tenant() AND tenant_id = current_setting('contor.tenant_id'::text)::bigint) WITH CHECK (tenant_id = contor_tenant() AND tenant_id = current_setting('contor.tenant_id'::text)::bigint)
;;
GRANT SELECT, INSERT ON dunning_run_money TO contor_app
;; autocommit
CREATE INDEX CONCURRENTLY IF NOT EXISTS payment_waiting_ix ON payment (tenant_id, ident) WHERE credit_debit_indicator = 'CREDIT'::text AND (status = ANY (ARRAY['OPEN'::text, 'PARTIALLY_ASSIGNED'::text]))

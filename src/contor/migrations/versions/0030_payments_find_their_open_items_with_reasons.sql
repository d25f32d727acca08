;; transaction
SET LOCAL lock_timeout = '3s'
;;
CREATE TABLE learned_payer (
	tenant_id bigint NOT NULL,
	assignment_ident text NOT NULL,
	key text NOT NULL,
	customer_ident text NOT NULL,
	created_at timestamp with time zone NOT NULL,
	CONSTRAINT learned_payer_pkey PRIMARY KEY (tenant_id, assignment_ident, key),
	CONSTRAINT learned_payer_tenant_id_assignment_ident_fkey FOREIGN KEY (tenant_id, assignment_ident) REFERENCES payment_assignment(tenant_id, ident)
)
;;
CREATE INDEX learned_payer_of_key_ix ON learned_payer (tenant_id, key, customer_ident)
;;
ALTER TABLE learned_payer ALTER COLUMN tenant_id SET STATISTICS 0
;;
ALTER TABLE learned_payer ENABLE ROW LEVEL SECURITY
;;
ALTER TABLE learned_payer FORCE ROW LEVEL SECURITY
;;
CREATE POLICY tenant ON learned_payer USING (tenant_id = contor_tenant() AND tenant_id = current_setting('contor.tenant_id'::text)::bigint) WITH CHECK (tenant_id = contor_tenant() AND tenant_id = current_setting('contor.tenant_id'::text)::bigint)
;;
GRANT SELECT, INSERT, DELETE ON learned_payer TO contor_app
;;
CREATE TABLE payment_categorization_rule (
	tenant_id bigint NOT NULL,
	merchant_payment_account_ident text NOT NULL,
	ident text NOT NULL,
	priority bigint NOT NULL,
	jsonata_expression text NOT NULL,
	resulting_payment_category_name text NOT NULL,
	description text,
	created_at timestamp with time zone NOT NULL,
	last_modified_at timestamp with time zone NOT NULL,
	CONSTRAINT payment_categorization_rule_account_fkey FOREIGN KEY (tenant_id, merchant_payment_account_ident) REFERENCES merchant_payment_account(tenant_id, ident),
	CONSTRAINT payment_categorization_rule_pkey PRIMARY KEY (tenant_id, merchant_payment_account_ident, ident)
)
;;
CREATE INDEX payment_categorization_rule_category_ix ON payment_categorization_rule (tenant_id, resulting_payment_category_name)
;;
ALTER TABLE payment_categorization_rule ALTER COLUMN tenant_id SET STATISTICS 0
;;
ALTER TABLE payment_categorization_rule ENABLE ROW LEVEL SECURITY
;;
ALTER TABLE payment_categorization_rule FORCE ROW LEVEL SECURITY
;;
CREATE POLICY tenant ON payment_categorization_rule USING (tenant_id = contor_tenant() AND tenant_id = current_setting('contor.tenant_id'::text)::bigint) WITH CHECK (tenant_id = contor_tenant() AND tenant_id = current_setting('contor.tenant_id'::text)::bigint)
;;
GRANT SELECT, INSERT, UPDATE, DELETE ON payment_categorization_rule TO contor_app
;;
CREATE TABLE payment_category (
	tenant_id bigint NOT NULL,
	name text NOT NULL,
	enabled boolean NOT NULL,
	type text NOT NULL,
	created_at timestamp with time zone NOT NULL,
	last_modified_at timestamp with time zone NOT NULL,
	CONSTRAINT payment_category_pkey PRIMARY KEY (tenant_id, name)
)
;;
ALTER TABLE payment_category ALTER COLUMN tenant_id SET STATISTICS 0
;;
ALTER TABLE payment_category ENABLE ROW LEVEL SECURITY
;;
ALTER TABLE payment_category FORCE ROW LEVEL SECURITY
;;
CREATE POLICY tenant ON payment_category USING (tenant_id = contor_tenant() AND tenant_id = current_setting('contor.tenant_id'::text)::bigint) WITH CHECK (tenant_id = contor_tenant() AND tenant_id = current_setting('contor.tenant_id'::text)::bigint)
;;
GRANT SELECT, INSERT, UPDATE, DELETE ON payment_category TO contor_app
;;
CREATE TABLE payment_decision (
	tenant_id bigint NOT NULL,
	id bigint NOT NULL,
	payment_ident text NOT NULL,
	rule text NOT NULL,
	said json NOT NULL,
	created_at timestamp with time zone NOT NULL,
	row_hash bytea,
	CONSTRAINT payment_decision_pkey PRIMARY KEY (tenant_id, id),
	CONSTRAINT payment_decision_tenant_id_payment_ident_fkey FOREIGN KEY (tenant_id, payment_ident) REFERENCES payment(tenant_id, ident)
)
;;
CREATE INDEX payment_decision_of_payment_ix ON payment_decision (tenant_id, payment_ident, id)
;;
CREATE INDEX payment_decision_unhashed_ix ON payment_decision (tenant_id) WHERE row_hash IS NULL
;;
ALTER TABLE payment_decision ALTER COLUMN tenant_id SET STATISTICS 0
;;
ALTER TABLE payment_decision SET (autovacuum_freeze_min_age=0, autovacuum_vacuum_insert_scale_factor=0, autovacuum_vacuum_insert_threshold=20000)
;;
ALTER TABLE payment_decision ENABLE ROW LEVEL SECURITY
;;
ALTER TABLE payment_decision FORCE ROW LEVEL SECURITY
;;
CREATE POLICY tenant ON payment_decision USING (tenant_id = contor_tenant() AND tenant_id = current_setting('contor.tenant_id'::text)::bigint) WITH CHECK (tenant_id = contor_tenant() AND tenant_id = current_setting('contor.tenant_id'::text)::bigint)
;;
GRANT SELECT, INSERT ON payment_decision TO contor_app
;;
CREATE TABLE payment_suggestion (
	tenant_id bigint NOT NULL,
	ident text NOT NULL,
	payment_ident text NOT NULL,
	rank integer NOT NULL,
	document_id bigint NOT NULL,
	target_ident text NOT NULL,
	customer_ident text NOT NULL,
	reason text NOT NULL,
	amount numeric(19,4),
	cash_discount numeric(19,4),
	bank_fee numeric(19,4),
	score numeric(4,3),
	said json NOT NULL,
	status text NOT NULL,
	assignment_ident text,
	created_at timestamp with time zone NOT NULL,
	decided_at timestamp with time zone,
	CONSTRAINT payment_suggestion_pkey PRIMARY KEY (tenant_id, ident),
	CONSTRAINT payment_suggestion_tenant_id_payment_ident_fkey FOREIGN KEY (tenant_id, payment_ident) REFERENCES payment(tenant_id, ident)
)
;;
CREATE INDEX payment_suggestion_of_document_ix ON payment_suggestion (tenant_id, document_id) WHERE status = 'OPEN'::text
;;
CREATE INDEX payment_suggestion_of_payment_ix ON payment_suggestion (tenant_id, payment_ident, rank, ident)
;;
ALTER TABLE payment_suggestion ALTER COLUMN tenant_id SET STATISTICS 0
;;
ALTER TABLE payment_suggestion ENABLE ROW LEVEL SECURITY
;;
ALTER TABLE payment_suggestion FORCE ROW LEVEL SECURITY
;;
CREATE POLICY tenant ON payment_suggestion USING (tenant_id = contor_tenant() AND tenant_id = current_setting('contor.tenant_id'::text)::bigint) WITH CHECK (tenant_id = contor_tenant() AND tenant_id = current_setting('contor.tenant_id'::text)::bigint)
;;
GRANT SELECT, INSERT ON payment_suggestion TO contor_app
;;
GRANT UPDATE (assignment_ident, decided_at, status) ON payment_suggestion TO contor_app
;;
ALTER TABLE assignment_configuration ADD COLUMN automatic_by_score boolean DEFAULT false NOT NULL
;;
ALTER TABLE assignment_configuration ADD COLUMN bank_charges_bound numeric(19,4) DEFAULT 0 NOT NULL
;;
ALTER TABLE payment ADD COLUMN changed json
;;
GRANT UPDATE (changed) ON payment TO contor_app
;;
ALTER TABLE payment_assignment ADD COLUMN returns_ident text
;; autocommit
CREATE INDEX CONCURRENTLY IF NOT EXISTS opos_case_amount_ix ON opos_case (tenant_id, currency, balance, due_date) WHERE status = 'OPEN'::text
;;
CREATE INDEX CONCURRENTLY IF NOT EXISTS payment_mandate_ix ON payment (tenant_id, mandate_reference, original_amount, ident) WHERE mandate_reference IS NOT NULL
;;
CREATE INDEX CONCURRENTLY IF NOT EXISTS payment_waiting_return_ix ON payment (tenant_id, ident) WHERE return_reason IS NOT NULL AND status = 'OPEN'::text
;;
CREATE INDEX CONCURRENTLY IF NOT EXISTS payment_assignment_returns_ix ON payment_assignment (tenant_id, returns_ident) WHERE returns_ident IS NOT NULL

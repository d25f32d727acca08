;; transaction
SET LOCAL lock_timeout = '3s'
;;
CREATE TABLE open_banking_account (
	tenant_id bigint NOT NULL,
	ident text NOT NULL,
	id bigint NOT NULL,
	account_ident text NOT NULL,
	provider text NOT NULL,
	alias text,
	bank_name text NOT NULL,
	url text,
	user_name text,
	tan_method text,
	tan_medium text,
	secrets text,
	challenge jsonb,
	status text NOT NULL,
	valid_until timestamp with time zone,
	last_accessed_at timestamp with time zone,
	last_informed_at timestamp with time zone,
	asked_at timestamp with time zone,
	tried_at timestamp with time zone,
	problem text,
	failing_since timestamp with time zone,
	created_at timestamp with time zone NOT NULL,
	last_modified_at timestamp with time zone NOT NULL,
	CONSTRAINT open_banking_account_pkey PRIMARY KEY (tenant_id, ident),
	CONSTRAINT open_banking_account_tenant_id_account_ident_fkey FOREIGN KEY (tenant_id, account_ident) REFERENCES merchant_payment_account(tenant_id, ident)
)
;;
CREATE UNIQUE INDEX open_banking_account_account_key ON open_banking_account (tenant_id, account_ident)
;;
CREATE INDEX open_banking_account_created_ix ON open_banking_account (tenant_id, created_at, ident)
;;
ALTER TABLE open_banking_account ALTER COLUMN tenant_id SET STATISTICS 0
;;
ALTER TABLE open_banking_account ENABLE ROW LEVEL SECURITY
;;
ALTER TABLE open_banking_account FORCE ROW LEVEL SECURITY
;;
CREATE POLICY tenant ON open_banking_account USING (tenant_id = contor_tenant() AND tenant_id = current_setting('contor.tenant_id'::text)::bigint) WITH CHECK (tenant_id = contor_tenant() AND tenant_id = current_setting('contor.tenant_id'::text)::bigint)
;;
GRANT SELECT, INSERT, UPDATE, DELETE ON open_banking_account TO contor_app
;;
CREATE TABLE payment_method (
	tenant_id bigint NOT NULL,
	ident text NOT NULL,
	customer_ident text NOT NULL,
	gateway text NOT NULL,
	type text NOT NULL,
	account_ident text,
	is_default boolean NOT NULL,
	enabled boolean NOT NULL,
	source text NOT NULL,
	name text,
	card jsonb,
	paypal jsonb,
	expires_on date,
	removed_at timestamp with time zone,
	created_at timestamp with time zone NOT NULL,
	last_modified_at timestamp with time zone NOT NULL,
	CONSTRAINT payment_method_pkey PRIMARY KEY (tenant_id, ident),
	CONSTRAINT payment_method_tenant_id_account_ident_fkey FOREIGN KEY (tenant_id, account_ident) REFERENCES customer_payment_account(tenant_id, ident),
	CONSTRAINT payment_method_tenant_id_customer_ident_fkey FOREIGN KEY (tenant_id, customer_ident) REFERENCES customer(tenant_id, customer_ident)
)
;;
CREATE INDEX payment_method_created_ix ON payment_method (tenant_id, created_at, ident) WHERE removed_at IS NULL
;;
CREATE INDEX payment_method_customer_ix ON payment_method (tenant_id, customer_ident, created_at, ident)
;;
CREATE UNIQUE INDEX payment_method_default_key ON payment_method (tenant_id, customer_ident) WHERE is_default AND removed_at IS NULL
;;
ALTER TABLE payment_method ALTER COLUMN tenant_id SET STATISTICS 0
;;
ALTER TABLE payment_method ENABLE ROW LEVEL SECURITY
;;
ALTER TABLE payment_method FORCE ROW LEVEL SECURITY
;;
CREATE POLICY tenant ON payment_method USING (tenant_id = contor_tenant() AND tenant_id = current_setting('contor.tenant_id'::text)::bigint) WITH CHECK (tenant_id = contor_tenant() AND tenant_id = current_setting('contor.tenant_id'::text)::bigint)
;;
GRANT SELECT, INSERT, UPDATE ON payment_method TO contor_app
;;
CREATE TABLE simulated_booking (
	tenant_id bigint NOT NULL,
	ident text NOT NULL,
	account_ident text NOT NULL,
	booked_on date NOT NULL,
	amount numeric(19,4) NOT NULL,
	currency text NOT NULL,
	text text NOT NULL,
	counterpart_name text,
	counterpart_iban text,
	end_to_end_ident text,
	created_at timestamp with time zone NOT NULL,
	CONSTRAINT simulated_booking_pkey PRIMARY KEY (tenant_id, ident),
	CONSTRAINT simulated_booking_tenant_id_account_ident_fkey FOREIGN KEY (tenant_id, account_ident) REFERENCES merchant_payment_account(tenant_id, ident)
)
;;
CREATE INDEX simulated_booking_day_ix ON simulated_booking (tenant_id, account_ident, booked_on, ident)
;;
ALTER TABLE simulated_booking ALTER COLUMN tenant_id SET STATISTICS 0
;;
ALTER TABLE simulated_booking SET (autovacuum_freeze_min_age=0, autovacuum_vacuum_insert_scale_factor=0, autovacuum_vacuum_insert_threshold=20000)
;;
ALTER TABLE simulated_booking ENABLE ROW LEVEL SECURITY
;;
ALTER TABLE simulated_booking FORCE ROW LEVEL SECURITY
;;
CREATE POLICY tenant ON simulated_booking USING (tenant_id = contor_tenant() AND tenant_id = current_setting('contor.tenant_id'::text)::bigint) WITH CHECK (tenant_id = contor_tenant() AND tenant_id = current_setting('contor.tenant_id'::text)::bigint)
;;
GRANT SELECT, INSERT ON simulated_booking TO contor_app
;; autocommit
CREATE INDEX CONCURRENTLY IF NOT EXISTS customer_of_email_ix ON customer (tenant_id, lower(email), customer_ident)
;;
CREATE INDEX CONCURRENTLY IF NOT EXISTS customer_payment_account_token_ix ON customer_payment_account (tenant_id, payment_method_reference) WHERE payment_method_reference IS NOT NULL
;;
CREATE INDEX CONCURRENTLY IF NOT EXISTS journal_line_cost_centre_ix ON journal_line (tenant_id, cost_centre, entry_id) WHERE cost_centre IS NOT NULL
;;
CREATE INDEX CONCURRENTLY IF NOT EXISTS payment_of_all_booking_date_ix ON payment (tenant_id, booking_date, ident)
;;
CREATE INDEX CONCURRENTLY IF NOT EXISTS payment_of_all_created_ix ON payment (tenant_id, created_at, ident)
;;
CREATE INDEX CONCURRENTLY IF NOT EXISTS payment_of_all_status_ix ON payment (tenant_id, status, created_at, ident)
;;
CREATE INDEX CONCURRENTLY IF NOT EXISTS payment_attempt_created_ix ON payment_attempt (tenant_id, created_at, key)
;;
CREATE INDEX CONCURRENTLY IF NOT EXISTS payment_suggestion_open_ix ON payment_suggestion (tenant_id, status, payment_ident) WHERE status = 'OPEN'::text
;; transaction
-- Written by hand: every payment account that there is becomes a way to pay; of each customer the latest is the default.
DO $$ DECLARE tenant bigint; BEGIN FOR tenant IN SELECT id FROM directory.environment LOOP
  PERFORM set_config('contor.tenant_id', tenant::text, true);
  INSERT INTO payment_method (tenant_id, ident, customer_ident, gateway, type, account_ident, is_default, enabled, source, name, created_at,
    last_modified_at)
  SELECT a.tenant_id, a.ident, a.debtor_ident,
    CASE WHEN a.payment_method_reference IS NULL AND g.names @> '{SEPA_FILE}' THEN 'SEPA_DEBIT' WHEN g.names @> '{STRIPE}' THEN 'STRIPE'
      WHEN g.names @> '{GOCARDLESS}' THEN 'GO_CARDLESS' WHEN g.names @> '{PAYPAL}' THEN 'PAYPAL' WHEN g.names @> '{SIMULATED}' THEN 'TESTING'
      WHEN a.iban IS NOT NULL THEN 'SEPA_DEBIT' ELSE 'STRIPE' END,
    CASE a.payment_method WHEN 'DIRECT_DEBIT' THEN 'SEPA_DEBIT' WHEN 'CREDIT_CARD' THEN 'CARD' WHEN 'PAY_PAL' THEN 'PAYPAL'
      ELSE CASE WHEN a.iban IS NOT NULL THEN 'SEPA_DEBIT' ELSE 'CARD' END END,
    a.ident, row_number() OVER (PARTITION BY a.debtor_ident ORDER BY a.created_at DESC, a.ident) = 1, true, 'API', a.display_name,
    a.created_at, a.created_at
  FROM customer_payment_account a LEFT JOIN (
    SELECT x.gateway_ident, array_agg(DISTINCT p.name) AS names FROM gateway_account x
      JOIN merchant_payment_account m ON m.tenant_id = x.tenant_id AND m.ident = x.account_ident
      JOIN payment_provider p ON p.tenant_id = m.tenant_id AND p.id = m.payment_service_provider_id GROUP BY x.gateway_ident) g
    ON g.gateway_ident = a.merchant_payment_gateway_ident ON CONFLICT DO NOTHING;
END LOOP; END $$

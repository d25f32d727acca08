;; transaction
SET LOCAL lock_timeout = '3s'
;;
CREATE TABLE billing_acceptance (
	tenant_id bigint NOT NULL,
	customer_ident text NOT NULL,
	accepted_at timestamp with time zone NOT NULL,
	CONSTRAINT billing_acceptance_pkey PRIMARY KEY (tenant_id, customer_ident),
	CONSTRAINT billing_acceptance_tenant_id_customer_ident_fkey FOREIGN KEY (tenant_id, customer_ident) REFERENCES customer(tenant_id, customer_ident)
)
;;
ALTER TABLE billing_acceptance ENABLE ROW LEVEL SECURITY
;;
ALTER TABLE billing_acceptance FORCE ROW LEVEL SECURITY
;;
CREATE POLICY tenant ON billing_acceptance USING (tenant_id = contor_tenant() AND tenant_id = current_setting('contor.tenant_id'::text)::bigint) WITH CHECK (tenant_id = contor_tenant() AND tenant_id = current_setting('contor.tenant_id'::text)::bigint)
;;
GRANT SELECT, INSERT, DELETE ON billing_acceptance TO contor_app
;;
CREATE TABLE exchange_rate (
	tenant_id bigint NOT NULL,
	kind text NOT NULL,
	currency text NOT NULL,
	day date NOT NULL,
	rate numeric(15,5) NOT NULL,
	source text NOT NULL,
	imported_at timestamp with time zone NOT NULL,
	CONSTRAINT exchange_rate_pkey PRIMARY KEY (tenant_id, kind, currency, day)
)
;;
CREATE INDEX exchange_rate_currency_ix ON exchange_rate (tenant_id, currency)
;;
CREATE INDEX exchange_rate_day_ix ON exchange_rate (tenant_id, day, currency, kind)
;;
ALTER TABLE exchange_rate ENABLE ROW LEVEL SECURITY
;;
ALTER TABLE exchange_rate FORCE ROW LEVEL SECURITY
;;
CREATE POLICY tenant ON exchange_rate USING (tenant_id = contor_tenant() AND tenant_id = current_setting('contor.tenant_id'::text)::bigint) WITH CHECK (tenant_id = contor_tenant() AND tenant_id = current_setting('contor.tenant_id'::text)::bigint)
;;
GRANT SELECT, INSERT ON exchange_rate TO contor_app
;;
GRANT UPDATE (imported_at, rate, source) ON exchange_rate TO contor_app
;;
GRANT UPDATE (preview) ON billing_run_customer TO contor_app
;;
ALTER TABLE tenant_setting ADD COLUMN exchange_rate_rule text DEFAULT 'MONTHLY_AVERAGE'::text NOT NULL
;; autocommit
CREATE INDEX CONCURRENTLY IF NOT EXISTS billable_item_rate_ix ON billable_item (tenant_id) WHERE processing_status = 'ERROR'::text AND status_reason = 'EXCHANGE_RATE_MISSING'::text

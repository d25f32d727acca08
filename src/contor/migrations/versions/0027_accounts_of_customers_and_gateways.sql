;; transaction
SET LOCAL lock_timeout = '3s'
;;
CREATE TABLE merchant_payment_gateway (
	tenant_id bigint NOT NULL,
	ident text NOT NULL,
	name text NOT NULL,
	created_at timestamp with time zone NOT NULL,
	last_modified_at timestamp with time zone NOT NULL,
	CONSTRAINT merchant_payment_gateway_pkey PRIMARY KEY (tenant_id, ident)
)
;;
ALTER TABLE merchant_payment_gateway ALTER COLUMN tenant_id SET STATISTICS 0
;;
ALTER TABLE merchant_payment_gateway ENABLE ROW LEVEL SECURITY
;;
ALTER TABLE merchant_payment_gateway FORCE ROW LEVEL SECURITY
;;
CREATE POLICY tenant ON merchant_payment_gateway USING (tenant_id = contor_tenant() AND tenant_id = current_setting('contor.tenant_id'::text)::bigint) WITH CHECK (tenant_id = contor_tenant() AND tenant_id = current_setting('contor.tenant_id'::text)::bigint)
;;
GRANT SELECT, INSERT, UPDATE ON merchant_payment_gateway TO contor_app
;;
CREATE TABLE payment_provider (
	tenant_id bigint NOT NULL,
	id bigint NOT NULL,
	name text NOT NULL,
	credentials text,
	credential_names jsonb NOT NULL,
	created_at timestamp with time zone NOT NULL,
	last_modified_at timestamp with time zone NOT NULL,
	CONSTRAINT payment_provider_pkey PRIMARY KEY (tenant_id, id)
)
;;
ALTER TABLE payment_provider ALTER COLUMN tenant_id SET STATISTICS 0
;;
ALTER TABLE payment_provider ENABLE ROW LEVEL SECURITY
;;
ALTER TABLE payment_provider FORCE ROW LEVEL SECURITY
;;
CREATE POLICY tenant ON payment_provider USING (tenant_id = contor_tenant() AND tenant_id = current_setting('contor.tenant_id'::text)::bigint) WITH CHECK (tenant_id = contor_tenant() AND tenant_id = current_setting('contor.tenant_id'::text)::bigint)
;;
GRANT SELECT, INSERT, UPDATE, DELETE ON payment_provider TO contor_app
;;
CREATE TABLE customer_payment_account (
	tenant_id bigint NOT NULL,
	ident text NOT NULL,
	debtor_ident text NOT NULL,
	merchant_payment_gateway_ident text NOT NULL,
	account_holder_name text,
	display_name text,
	account_creation_date date,
	payment_method text,
	payment_card_type text,
	payment_provider_reference text,
	payment_method_reference text,
	iban text,
	iban_key text,
	iban_shown text,
	bic text,
	holder_address jsonb,
	health_status text NOT NULL,
	health_reason text,
	created_at timestamp with time zone NOT NULL,
	last_modified_at timestamp with time zone NOT NULL,
	CONSTRAINT customer_payment_account_pkey PRIMARY KEY (tenant_id, ident),
	CONSTRAINT customer_payment_account_tenant_id_debtor_ident_fkey FOREIGN KEY (tenant_id, debtor_ident) REFERENCES customer(tenant_id, customer_ident),
	CONSTRAINT customer_payment_account_tenant_id_merchant_payment_gat_2b51 FOREIGN KEY (tenant_id, merchant_payment_gateway_ident) REFERENCES merchant_payment_gateway(tenant_id, ident)
)
;;
CREATE INDEX customer_payment_account_debtor_ix ON customer_payment_account (tenant_id, debtor_ident, ident)
;;
CREATE INDEX customer_payment_account_gateway_ix ON customer_payment_account (tenant_id, merchant_payment_gateway_ident, ident)
;;
CREATE INDEX customer_payment_account_health_ix ON customer_payment_account (tenant_id, health_status, ident)
;;
CREATE INDEX customer_payment_account_iban_ix ON customer_payment_account (tenant_id, iban_key) WHERE iban_key IS NOT NULL
;;
ALTER TABLE customer_payment_account ALTER COLUMN tenant_id SET STATISTICS 0
;;
ALTER TABLE customer_payment_account ENABLE ROW LEVEL SECURITY
;;
ALTER TABLE customer_payment_account FORCE ROW LEVEL SECURITY
;;
CREATE POLICY tenant ON customer_payment_account USING (tenant_id = contor_tenant() AND tenant_id = current_setting('contor.tenant_id'::text)::bigint) WITH CHECK (tenant_id = contor_tenant() AND tenant_id = current_setting('contor.tenant_id'::text)::bigint)
;;
GRANT SELECT, INSERT, UPDATE ON customer_payment_account TO contor_app
;;
CREATE TABLE gateway_account (
	tenant_id bigint NOT NULL,
	gateway_ident text NOT NULL,
	currency text NOT NULL,
	account_ident text NOT NULL,
	CONSTRAINT gateway_account_pkey PRIMARY KEY (tenant_id, gateway_ident, currency),
	CONSTRAINT gateway_account_tenant_id_account_ident_fkey FOREIGN KEY (tenant_id, account_ident) REFERENCES merchant_payment_account(tenant_id, ident),
	CONSTRAINT gateway_account_tenant_id_gateway_ident_fkey FOREIGN KEY (tenant_id, gateway_ident) REFERENCES merchant_payment_gateway(tenant_id, ident)
)
;;
CREATE INDEX gateway_account_account_ix ON gateway_account (tenant_id, account_ident)
;;
ALTER TABLE gateway_account ALTER COLUMN tenant_id SET STATISTICS 0
;;
ALTER TABLE gateway_account ENABLE ROW LEVEL SECURITY
;;
ALTER TABLE gateway_account FORCE ROW LEVEL SECURITY
;;
CREATE POLICY tenant ON gateway_account USING (tenant_id = contor_tenant() AND tenant_id = current_setting('contor.tenant_id'::text)::bigint) WITH CHECK (tenant_id = contor_tenant() AND tenant_id = current_setting('contor.tenant_id'::text)::bigint)
;;
GRANT SELECT, INSERT, UPDATE, DELETE ON gateway_account TO contor_app
;;
CREATE TABLE settlement_source (
	tenant_id bigint NOT NULL,
	payment_provider_id bigint NOT NULL,
	ident text NOT NULL,
	type text NOT NULL,
	format text NOT NULL,
	schedule text NOT NULL,
	host text,
	port integer NOT NULL,
	directory text,
	user_name text,
	host_key text,
	credentials text,
	credential_names jsonb NOT NULL,
	last_read_at timestamp with time zone,
	created_at timestamp with time zone NOT NULL,
	last_modified_at timestamp with time zone NOT NULL,
	CONSTRAINT settlement_source_pkey PRIMARY KEY (tenant_id, payment_provider_id, ident),
	CONSTRAINT settlement_source_tenant_id_payment_provider_id_fkey FOREIGN KEY (tenant_id, payment_provider_id) REFERENCES payment_provider(tenant_id, id)
)
;;
ALTER TABLE settlement_source ALTER COLUMN tenant_id SET STATISTICS 0
;;
ALTER TABLE settlement_source ENABLE ROW LEVEL SECURITY
;;
ALTER TABLE settlement_source FORCE ROW LEVEL SECURITY
;;
CREATE POLICY tenant ON settlement_source USING (tenant_id = contor_tenant() AND tenant_id = current_setting('contor.tenant_id'::text)::bigint) WITH CHECK (tenant_id = contor_tenant() AND tenant_id = current_setting('contor.tenant_id'::text)::bigint)
;;
GRANT SELECT, INSERT, UPDATE, DELETE ON settlement_source TO contor_app
;;
CREATE TABLE sepa_mandate (
	tenant_id bigint NOT NULL,
	key text NOT NULL,
	account_ident text NOT NULL,
	is_current boolean NOT NULL,
	reference text NOT NULL,
	creditor_identifier text NOT NULL,
	creditor_name text,
	signed_on date NOT NULL,
	scheme text NOT NULL,
	kind text NOT NULL,
	pre_notification_days integer,
	status text NOT NULL,
	status_reason text,
	last_presented_on date,
	amendment jsonb,
	amendment_pending boolean NOT NULL,
	created_at timestamp with time zone NOT NULL,
	last_modified_at timestamp with time zone NOT NULL,
	CONSTRAINT sepa_mandate_pkey PRIMARY KEY (tenant_id, key),
	CONSTRAINT sepa_mandate_tenant_id_account_ident_fkey FOREIGN KEY (tenant_id, account_ident) REFERENCES customer_payment_account(tenant_id, ident)
)
;;
CREATE UNIQUE INDEX sepa_mandate_account_key ON sepa_mandate (tenant_id, account_ident) WHERE is_current
;;
CREATE INDEX sepa_mandate_reference_ix ON sepa_mandate (tenant_id, reference)
;;
ALTER TABLE sepa_mandate ALTER COLUMN tenant_id SET STATISTICS 0
;;
ALTER TABLE sepa_mandate ENABLE ROW LEVEL SECURITY
;;
ALTER TABLE sepa_mandate FORCE ROW LEVEL SECURITY
;;
CREATE POLICY tenant ON sepa_mandate USING (tenant_id = contor_tenant() AND tenant_id = current_setting('contor.tenant_id'::text)::bigint) WITH CHECK (tenant_id = contor_tenant() AND tenant_id = current_setting('contor.tenant_id'::text)::bigint)
;;
GRANT SELECT, INSERT, UPDATE ON sepa_mandate TO contor_app
;;
ALTER TABLE merchant_payment_account ADD COLUMN sepa jsonb

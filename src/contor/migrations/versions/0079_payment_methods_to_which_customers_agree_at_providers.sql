;; transaction
SET LOCAL lock_timeout = '3s'
;;
CREATE TABLE payment_setup (
	tenant_id bigint NOT NULL,
	ident text NOT NULL,
	key text NOT NULL,
	provider text NOT NULL,
	provider_id bigint NOT NULL,
	gateway_ident text NOT NULL,
	customer_ident text NOT NULL,
	currency text NOT NULL,
	is_default boolean NOT NULL,
	method_given text,
	return_url text,
	state text NOT NULL,
	reference text,
	customer_reference text,
	method_reference text,
	card jsonb,
	reason text,
	ask_at timestamp with time zone,
	expires_at timestamp with time zone NOT NULL,
	created_at timestamp with time zone NOT NULL,
	last_modified_at timestamp with time zone NOT NULL,
	CONSTRAINT payment_setup_pkey PRIMARY KEY (tenant_id, ident),
	CONSTRAINT payment_setup_tenant_id_customer_ident_fkey FOREIGN KEY (tenant_id, customer_ident) REFERENCES customer(tenant_id, customer_ident)
)
;;
CREATE INDEX payment_setup_ask_ix ON payment_setup (tenant_id, ask_at) WHERE ask_at IS NOT NULL
;;
CREATE UNIQUE INDEX payment_setup_key ON payment_setup (tenant_id, key)
;;
CREATE INDEX payment_setup_reference_ix ON payment_setup (tenant_id, reference) WHERE reference IS NOT NULL
;;
ALTER TABLE payment_setup ALTER COLUMN tenant_id SET STATISTICS 0
;;
ALTER TABLE payment_setup ENABLE ROW LEVEL SECURITY
;;
ALTER TABLE payment_setup FORCE ROW LEVEL SECURITY
;;
CREATE POLICY tenant ON payment_setup USING (tenant_id = contor_tenant() AND tenant_id = current_setting('contor.tenant_id'::text)::bigint) WITH CHECK (tenant_id = contor_tenant() AND tenant_id = current_setting('contor.tenant_id'::text)::bigint)
;;
GRANT SELECT, INSERT, UPDATE ON payment_setup TO contor_app
;;
CREATE TABLE simulated_setup (
	tenant_id bigint NOT NULL,
	key text NOT NULL,
	token text NOT NULL,
	outcome text NOT NULL,
	created_at timestamp with time zone NOT NULL,
	CONSTRAINT simulated_setup_pkey PRIMARY KEY (tenant_id, key)
)
;;
ALTER TABLE simulated_setup ALTER COLUMN tenant_id SET STATISTICS 0
;;
ALTER TABLE simulated_setup ENABLE ROW LEVEL SECURITY
;;
ALTER TABLE simulated_setup FORCE ROW LEVEL SECURITY
;;
CREATE POLICY tenant ON simulated_setup USING (tenant_id = contor_tenant() AND tenant_id = current_setting('contor.tenant_id'::text)::bigint) WITH CHECK (tenant_id = contor_tenant() AND tenant_id = current_setting('contor.tenant_id'::text)::bigint)
;;
GRANT SELECT, INSERT ON simulated_setup TO contor_app
;;
GRANT UPDATE (outcome) ON simulated_setup TO contor_app

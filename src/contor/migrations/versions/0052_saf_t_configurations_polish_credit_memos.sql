;; transaction
SET LOCAL lock_timeout = '3s'
;;
CREATE TABLE saf_t_configuration (
	tenant_id bigint NOT NULL,
	ident text NOT NULL,
	country text NOT NULL,
	operating_site_ident text,
	taxpayer_number text NOT NULL,
	software_certificate text,
	product_id text,
	product_taxpayer_number text,
	series jsonb NOT NULL,
	taxonomy_reference text,
	account_groups jsonb NOT NULL,
	tax_codes jsonb NOT NULL,
	signing_key text,
	key_version bigint NOT NULL,
	valid_from date NOT NULL,
	valid_to date,
	created_at timestamp with time zone NOT NULL,
	last_modified_at timestamp with time zone NOT NULL,
	CONSTRAINT saf_t_configuration_pkey PRIMARY KEY (tenant_id, ident),
	CONSTRAINT saf_t_configuration_tenant_id_operating_site_ident_fkey FOREIGN KEY (tenant_id, operating_site_ident) REFERENCES operating_site(tenant_id, ident)
)
;;
CREATE INDEX saf_t_configuration_country_ix ON saf_t_configuration (tenant_id, country, valid_from)
;;
CREATE INDEX saf_t_configuration_site_ix ON saf_t_configuration (tenant_id, operating_site_ident)
;;
ALTER TABLE saf_t_configuration ALTER COLUMN tenant_id SET STATISTICS 0
;;
ALTER TABLE saf_t_configuration ENABLE ROW LEVEL SECURITY
;;
ALTER TABLE saf_t_configuration FORCE ROW LEVEL SECURITY
;;
CREATE POLICY tenant ON saf_t_configuration USING (tenant_id = contor_tenant() AND tenant_id = current_setting('contor.tenant_id'::text)::bigint) WITH CHECK (tenant_id = contor_tenant() AND tenant_id = current_setting('contor.tenant_id'::text)::bigint)
;;
GRANT SELECT, INSERT, UPDATE, DELETE ON saf_t_configuration TO contor_app
;;
ALTER TABLE tenant_setting ADD COLUMN polish_credit_memo boolean DEFAULT false NOT NULL

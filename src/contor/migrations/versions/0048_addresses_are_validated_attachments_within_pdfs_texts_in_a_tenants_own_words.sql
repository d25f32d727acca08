;; transaction
SET LOCAL lock_timeout = '3s'
;;
CREATE TABLE address_validation (
	tenant_id bigint NOT NULL,
	customer_ident text NOT NULL,
	address_ident text NOT NULL,
	country text NOT NULL,
	status text NOT NULL,
	provider text NOT NULL,
	findings jsonb NOT NULL,
	checked_at timestamp with time zone NOT NULL,
	CONSTRAINT address_validation_pkey PRIMARY KEY (tenant_id, customer_ident, address_ident),
	CONSTRAINT address_validation_tenant_id_customer_ident_address_ident_fkey FOREIGN KEY (tenant_id, customer_ident, address_ident) REFERENCES address(tenant_id, customer_ident, address_ident) ON DELETE CASCADE
)
;;
CREATE INDEX address_validation_status_ix ON address_validation (tenant_id, status, customer_ident, address_ident)
;;
ALTER TABLE address_validation ALTER COLUMN tenant_id SET STATISTICS 0
;;
ALTER TABLE address_validation ENABLE ROW LEVEL SECURITY
;;
ALTER TABLE address_validation FORCE ROW LEVEL SECURITY
;;
CREATE POLICY tenant ON address_validation USING (tenant_id = contor_tenant() AND tenant_id = current_setting('contor.tenant_id'::text)::bigint) WITH CHECK (tenant_id = contor_tenant() AND tenant_id = current_setting('contor.tenant_id'::text)::bigint)
;;
GRANT SELECT, INSERT, UPDATE, DELETE ON address_validation TO contor_app
;;
CREATE TABLE address_validation_configuration (
	tenant_id bigint NOT NULL,
	config_ident text NOT NULL,
	country text,
	provider text NOT NULL,
	mode text NOT NULL,
	active boolean DEFAULT true NOT NULL,
	created_at timestamp with time zone NOT NULL,
	last_modified_at timestamp with time zone NOT NULL,
	CONSTRAINT address_validation_configuration_pkey PRIMARY KEY (tenant_id, config_ident)
)
;;
ALTER TABLE address_validation_configuration ALTER COLUMN tenant_id SET STATISTICS 0
;;
ALTER TABLE address_validation_configuration ENABLE ROW LEVEL SECURITY
;;
ALTER TABLE address_validation_configuration FORCE ROW LEVEL SECURITY
;;
CREATE POLICY tenant ON address_validation_configuration USING (tenant_id = contor_tenant() AND tenant_id = current_setting('contor.tenant_id'::text)::bigint) WITH CHECK (tenant_id = contor_tenant() AND tenant_id = current_setting('contor.tenant_id'::text)::bigint)
;;
GRANT SELECT, INSERT, UPDATE, DELETE ON address_validation_configuration TO contor_app
;;
CREATE TABLE address_validation_run (
	tenant_id bigint NOT NULL,
	ident text NOT NULL,
	id bigint NOT NULL,
	status text NOT NULL,
	total integer NOT NULL,
	checked integer NOT NULL,
	invalid integer NOT NULL,
	customer_ident text,
	address_ident text,
	created_at timestamp with time zone NOT NULL,
	finished_at timestamp with time zone,
	CONSTRAINT address_validation_run_pkey PRIMARY KEY (tenant_id, ident)
)
;;
CREATE UNIQUE INDEX address_validation_run_id_key ON address_validation_run (tenant_id, id)
;;
CREATE INDEX address_validation_run_open_ix ON address_validation_run (tenant_id, id) WHERE status <> 'DONE'::text
;;
ALTER TABLE address_validation_run ALTER COLUMN tenant_id SET STATISTICS 0
;;
ALTER TABLE address_validation_run ENABLE ROW LEVEL SECURITY
;;
ALTER TABLE address_validation_run FORCE ROW LEVEL SECURITY
;;
CREATE POLICY tenant ON address_validation_run USING (tenant_id = contor_tenant() AND tenant_id = current_setting('contor.tenant_id'::text)::bigint) WITH CHECK (tenant_id = contor_tenant() AND tenant_id = current_setting('contor.tenant_id'::text)::bigint)
;;
GRANT SELECT, INSERT, UPDATE, DELETE ON address_validation_run TO contor_app
;;
CREATE TABLE postal_directory (
	tenant_id bigint NOT NULL,
	country text NOT NULL,
	file_name text NOT NULL,
	places integer NOT NULL,
	imported_at timestamp with time zone NOT NULL,
	CONSTRAINT postal_directory_pkey PRIMARY KEY (tenant_id, country)
)
;;
ALTER TABLE postal_directory ALTER COLUMN tenant_id SET STATISTICS 0
;;
ALTER TABLE postal_directory ENABLE ROW LEVEL SECURITY
;;
ALTER TABLE postal_directory FORCE ROW LEVEL SECURITY
;;
CREATE POLICY tenant ON postal_directory USING (tenant_id = contor_tenant() AND tenant_id = current_setting('contor.tenant_id'::text)::bigint) WITH CHECK (tenant_id = contor_tenant() AND tenant_id = current_setting('contor.tenant_id'::text)::bigint)
;;
GRANT SELECT, INSERT, UPDATE, DELETE ON postal_directory TO contor_app
;;
CREATE TABLE translation (
	tenant_id bigint NOT NULL,
	locale text NOT NULL,
	texts jsonb NOT NULL,
	last_modified_at timestamp with time zone NOT NULL,
	CONSTRAINT translation_pkey PRIMARY KEY (tenant_id, locale)
)
;;
ALTER TABLE translation ALTER COLUMN tenant_id SET STATISTICS 0
;;
ALTER TABLE translation ENABLE ROW LEVEL SECURITY
;;
ALTER TABLE translation FORCE ROW LEVEL SECURITY
;;
CREATE POLICY tenant ON translation USING (tenant_id = contor_tenant() AND tenant_id = current_setting('contor.tenant_id'::text)::bigint) WITH CHECK (tenant_id = contor_tenant() AND tenant_id = current_setting('contor.tenant_id'::text)::bigint)
;;
GRANT SELECT, INSERT, UPDATE, DELETE ON translation TO contor_app
;;
CREATE TABLE postal_place (
	tenant_id bigint NOT NULL,
	country text NOT NULL,
	zip text NOT NULL,
	city text NOT NULL,
	CONSTRAINT postal_place_pkey PRIMARY KEY (tenant_id, country, zip, city),
	CONSTRAINT postal_place_tenant_id_country_fkey FOREIGN KEY (tenant_id, country) REFERENCES postal_directory(tenant_id, country) ON DELETE CASCADE
)
;;
ALTER TABLE postal_place ALTER COLUMN tenant_id SET STATISTICS 0
;;
ALTER TABLE postal_place ENABLE ROW LEVEL SECURITY
;;
ALTER TABLE postal_place FORCE ROW LEVEL SECURITY
;;
CREATE POLICY tenant ON postal_place USING (tenant_id = contor_tenant() AND tenant_id = current_setting('contor.tenant_id'::text)::bigint) WITH CHECK (tenant_id = contor_tenant() AND tenant_id = current_setting('contor.tenant_id'::text)::bigint)
;;
GRANT SELECT, INSERT, DELETE ON postal_place TO contor_app
;;
ALTER TABLE document_attachment ADD COLUMN in_pdf boolean DEFAULT false NOT NULL
;;
ALTER TABLE document_output_configuration ADD COLUMN embed_attachments boolean DEFAULT true NOT NULL

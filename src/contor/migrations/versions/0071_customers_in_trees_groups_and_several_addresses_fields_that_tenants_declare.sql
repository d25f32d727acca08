;; transaction
SET LOCAL lock_timeout = '3s'
;;
CREATE TABLE custom_field (
	tenant_id bigint NOT NULL,
	ident text NOT NULL,
	id bigint NOT NULL,
	kind text NOT NULL,
	key text NOT NULL,
	name text NOT NULL,
	type text NOT NULL,
	options jsonb NOT NULL,
	description text,
	"position" integer DEFAULT 0 NOT NULL,
	created_at timestamp with time zone NOT NULL,
	last_modified_at timestamp with time zone NOT NULL,
	CONSTRAINT custom_field_pkey PRIMARY KEY (tenant_id, ident)
)
;;
CREATE UNIQUE INDEX custom_field_id_key ON custom_field (tenant_id, id)
;;
CREATE UNIQUE INDEX custom_field_key_key ON custom_field (tenant_id, kind, key)
;;
ALTER TABLE custom_field ALTER COLUMN tenant_id SET STATISTICS 0
;;
ALTER TABLE custom_field ENABLE ROW LEVEL SECURITY
;;
ALTER TABLE custom_field FORCE ROW LEVEL SECURITY
;;
CREATE POLICY tenant ON custom_field USING (tenant_id = contor_tenant() AND tenant_id = current_setting('contor.tenant_id'::text)::bigint) WITH CHECK (tenant_id = contor_tenant() AND tenant_id = current_setting('contor.tenant_id'::text)::bigint)
;;
GRANT SELECT, INSERT, UPDATE, DELETE ON custom_field TO contor_app
;;
CREATE TABLE customer_email (
	tenant_id bigint NOT NULL,
	customer_ident text NOT NULL,
	ident text NOT NULL,
	id bigint NOT NULL,
	email text NOT NULL,
	receiver_name text,
	is_default boolean DEFAULT false NOT NULL,
	for_invoices boolean DEFAULT false NOT NULL,
	for_dunning boolean DEFAULT false NOT NULL,
	created_at timestamp with time zone NOT NULL,
	last_modified_at timestamp with time zone NOT NULL,
	CONSTRAINT customer_email_pkey PRIMARY KEY (tenant_id, customer_ident, ident),
	CONSTRAINT customer_email_tenant_id_customer_ident_fkey FOREIGN KEY (tenant_id, customer_ident) REFERENCES customer(tenant_id, customer_ident)
)
;;
CREATE UNIQUE INDEX customer_email_address_key ON customer_email (tenant_id, customer_ident, lower(email))
;;
CREATE UNIQUE INDEX customer_email_default_key ON customer_email (tenant_id, customer_ident) WHERE is_default
;;
CREATE INDEX customer_email_found_ix ON customer_email (tenant_id, email, customer_ident)
;;
CREATE UNIQUE INDEX customer_email_id_key ON customer_email (tenant_id, id)
;;
CREATE INDEX customer_email_address_ix ON customer_email (tenant_id, lower(email), customer_ident)
;;
ALTER TABLE customer_email ALTER COLUMN tenant_id SET STATISTICS 0
;;
ALTER TABLE customer_email ENABLE ROW LEVEL SECURITY
;;
ALTER TABLE customer_email FORCE ROW LEVEL SECURITY
;;
CREATE POLICY tenant ON customer_email USING (tenant_id = contor_tenant() AND tenant_id = current_setting('contor.tenant_id'::text)::bigint) WITH CHECK (tenant_id = contor_tenant() AND tenant_id = current_setting('contor.tenant_id'::text)::bigint)
;;
GRANT SELECT, INSERT, UPDATE, DELETE ON customer_email TO contor_app
;;
CREATE TABLE customer_group (
	tenant_id bigint NOT NULL,
	ident text NOT NULL,
	id bigint NOT NULL,
	name text NOT NULL,
	description text,
	created_at timestamp with time zone NOT NULL,
	last_modified_at timestamp with time zone NOT NULL,
	CONSTRAINT customer_group_pkey PRIMARY KEY (tenant_id, ident)
)
;;
CREATE UNIQUE INDEX customer_group_id_key ON customer_group (tenant_id, id)
;;
CREATE INDEX customer_group_name_ix ON customer_group (tenant_id, name)
;;
ALTER TABLE customer_group ALTER COLUMN tenant_id SET STATISTICS 0
;;
ALTER TABLE customer_group ENABLE ROW LEVEL SECURITY
;;
ALTER TABLE customer_group FORCE ROW LEVEL SECURITY
;;
CREATE POLICY tenant ON customer_group USING (tenant_id = contor_tenant() AND tenant_id = current_setting('contor.tenant_id'::text)::bigint) WITH CHECK (tenant_id = contor_tenant() AND tenant_id = current_setting('contor.tenant_id'::text)::bigint)
;;
GRANT SELECT, INSERT, UPDATE, DELETE ON customer_group TO contor_app
;;
CREATE TABLE custom_value (
	tenant_id bigint NOT NULL,
	kind text NOT NULL,
	ident text NOT NULL,
	field_ident text NOT NULL,
	value jsonb NOT NULL,
	created_at timestamp with time zone NOT NULL,
	last_modified_at timestamp with time zone NOT NULL,
	CONSTRAINT custom_value_pkey PRIMARY KEY (tenant_id, kind, ident, field_ident),
	CONSTRAINT custom_value_tenant_id_field_ident_fkey FOREIGN KEY (tenant_id, field_ident) REFERENCES custom_field(tenant_id, ident)
)
;;
CREATE INDEX custom_value_field_ix ON custom_value (tenant_id, field_ident)
;;
ALTER TABLE custom_value ALTER COLUMN tenant_id SET STATISTICS 0
;;
ALTER TABLE custom_value ENABLE ROW LEVEL SECURITY
;;
ALTER TABLE custom_value FORCE ROW LEVEL SECURITY
;;
CREATE POLICY tenant ON custom_value USING (tenant_id = contor_tenant() AND tenant_id = current_setting('contor.tenant_id'::text)::bigint) WITH CHECK (tenant_id = contor_tenant() AND tenant_id = current_setting('contor.tenant_id'::text)::bigint)
;;
GRANT SELECT, INSERT, UPDATE, DELETE ON custom_value TO contor_app
;;
ALTER TABLE address ADD COLUMN address_use text DEFAULT 'GENERAL'::text NOT NULL
;;
ALTER TABLE address ADD COLUMN is_default boolean DEFAULT false NOT NULL
;;
ALTER TABLE customer ADD COLUMN dunning jsonb
;;
ALTER TABLE customer ADD COLUMN partner text
;;
ALTER TABLE customer ADD COLUMN group_ident text
;;
ALTER TABLE customer ADD COLUMN status text DEFAULT 'ACTIVE'::text NOT NULL
;;
ALTER TABLE customer ADD COLUMN parent_ident text
;;
ALTER TABLE customer ADD COLUMN merged_into text
;;
ALTER TABLE tenant_setting ADD COLUMN customer_hierarchy boolean DEFAULT false NOT NULL
;; autocommit
DO $$ DECLARE tenant bigint; BEGIN FOR tenant IN SELECT id FROM directory.environment WHERE row_security_active('customer_email') LOOP
  PERFORM set_config('contor.tenant_id', tenant::text, true);
  INSERT INTO customer_email (tenant_id, customer_ident, ident, id, email, is_default, created_at, last_modified_at)
    SELECT tenant_id, customer_ident, gen_random_uuid()::text, nextval('contor_id'), email, true, last_modified_at, last_modified_at
    FROM customer WHERE customer.email IS NOT NULL ORDER BY customer.id ON CONFLICT DO NOTHING;
END LOOP; PERFORM set_config('contor.tenant_id', '', true); END $$
;;
CREATE UNIQUE INDEX CONCURRENTLY IF NOT EXISTS address_default_key ON address (tenant_id, customer_ident, address_use) WHERE is_default
;;
CREATE INDEX CONCURRENTLY IF NOT EXISTS customer_company_ix ON customer (tenant_id, company, customer_ident)
;;
CREATE INDEX CONCURRENTLY IF NOT EXISTS customer_created_ix ON customer (tenant_id, created_at, customer_ident)
;;
CREATE INDEX CONCURRENTLY IF NOT EXISTS customer_first_name_ix ON customer (tenant_id, first_name, customer_ident)
;;
CREATE INDEX CONCURRENTLY IF NOT EXISTS customer_group_ix ON customer (tenant_id, group_ident, customer_ident) WHERE group_ident IS NOT NULL
;;
CREATE INDEX CONCURRENTLY IF NOT EXISTS customer_last_name_ix ON customer (tenant_id, last_name, customer_ident)
;;
CREATE INDEX CONCURRENTLY IF NOT EXISTS customer_merged_ix ON customer (tenant_id, merged_into) WHERE merged_into IS NOT NULL
;;
CREATE INDEX CONCURRENTLY IF NOT EXISTS customer_parent_ix ON customer (tenant_id, parent_ident, customer_ident) WHERE parent_ident IS NOT NULL
;;
CREATE INDEX CONCURRENTLY IF NOT EXISTS customer_partner_ix ON customer (tenant_id, partner, customer_ident) WHERE partner IS NOT NULL
;;
CREATE INDEX CONCURRENTLY IF NOT EXISTS customer_status_ix ON customer (tenant_id, status, customer_ident)
;;
CREATE INDEX CONCURRENTLY IF NOT EXISTS customer_vat_id_ix ON customer (tenant_id, vat_id, customer_ident)
;; transaction
SET LOCAL lock_timeout = '3s'
;;
ALTER TABLE customer ADD CONSTRAINT customer_tenant_id_group_ident_fkey FOREIGN KEY (tenant_id, group_ident) REFERENCES customer_group(tenant_id, ident) NOT VALID
;;
ALTER TABLE customer ADD CONSTRAINT customer_tenant_id_parent_ident_fkey FOREIGN KEY (tenant_id, parent_ident) REFERENCES customer(tenant_id, customer_ident) NOT VALID
;; autocommit
DO $$ DECLARE tenant bigint; BEGIN
  -- The owner too sees one tenant's rows at a time. Each try is undone, so that the constraint is valid when all were asked.
  FOR tenant IN SELECT id FROM directory.environment WHERE row_security_active('customer') LOOP
    BEGIN
      PERFORM set_config('contor.tenant_id', tenant::text, true);
      ALTER TABLE customer VALIDATE CONSTRAINT customer_tenant_id_group_ident_fkey;
      RAISE SQLSTATE 'CT001';
    EXCEPTION WHEN SQLSTATE 'CT001' THEN NULL;
    END;
  END LOOP;
  PERFORM set_config('contor.tenant_id', '0', true);
  ALTER TABLE customer VALIDATE CONSTRAINT customer_tenant_id_group_ident_fkey;
END $$
;;
DO $$ DECLARE tenant bigint; BEGIN
  -- The owner too sees one tenant's rows at a time. Each try is undone, so that the constraint is valid when all were asked.
  FOR tenant IN SELECT id FROM directory.environment WHERE row_security_active('customer') LOOP
    BEGIN
      PERFORM set_config('contor.tenant_id', tenant::text, true);
      ALTER TABLE customer VALIDATE CONSTRAINT customer_tenant_id_parent_ident_fkey;
      RAISE SQLSTATE 'CT001';
    EXCEPTION WHEN SQLSTATE 'CT001' THEN NULL;
    END;
  END LOOP;
  PERFORM set_config('contor.tenant_id', '0', true);
  ALTER TABLE customer VALIDATE CONSTRAINT customer_tenant_id_parent_ident_fkey;
END $$

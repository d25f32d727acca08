;; transaction
SET LOCAL lock_timeout = '3s'
;;
CREATE TABLE joint_billing (
	tenant_id bigint NOT NULL,
	ident text NOT NULL,
	id bigint NOT NULL,
	customer_ident text NOT NULL,
	name text NOT NULL,
	billing_date date NOT NULL,
	created_at timestamp with time zone NOT NULL,
	last_modified_at timestamp with time zone NOT NULL,
	CONSTRAINT joint_billing_pkey PRIMARY KEY (tenant_id, ident),
	CONSTRAINT joint_billing_tenant_id_customer_ident_fkey FOREIGN KEY (tenant_id, customer_ident) REFERENCES customer(tenant_id, customer_ident)
)
;;
CREATE INDEX joint_billing_customer_ix ON joint_billing (tenant_id, customer_ident, ident)
;;
CREATE UNIQUE INDEX joint_billing_id_key ON joint_billing (tenant_id, id)
;;
ALTER TABLE joint_billing ALTER COLUMN tenant_id SET STATISTICS 0
;;
ALTER TABLE joint_billing ENABLE ROW LEVEL SECURITY
;;
ALTER TABLE joint_billing FORCE ROW LEVEL SECURITY
;;
CREATE POLICY tenant ON joint_billing USING (tenant_id = contor_tenant() AND tenant_id = current_setting('contor.tenant_id'::text)::bigint) WITH CHECK (tenant_id = contor_tenant() AND tenant_id = current_setting('contor.tenant_id'::text)::bigint)
;;
GRANT SELECT, INSERT, UPDATE, DELETE ON joint_billing TO contor_app
;;
CREATE TABLE product_group (
	tenant_id bigint NOT NULL,
	ident text NOT NULL,
	id bigint NOT NULL,
	name text NOT NULL,
	enabled boolean NOT NULL,
	same_interval_only boolean NOT NULL,
	members jsonb NOT NULL,
	created_at timestamp with time zone NOT NULL,
	last_modified_at timestamp with time zone NOT NULL,
	CONSTRAINT product_group_pkey PRIMARY KEY (tenant_id, ident)
)
;;
CREATE UNIQUE INDEX product_group_id_key ON product_group (tenant_id, id)
;;
CREATE INDEX product_group_name_ix ON product_group (tenant_id, name, ident)
;;
ALTER TABLE product_group ALTER COLUMN tenant_id SET STATISTICS 0
;;
ALTER TABLE product_group ENABLE ROW LEVEL SECURITY
;;
ALTER TABLE product_group FORCE ROW LEVEL SECURITY
;;
CREATE POLICY tenant ON product_group USING (tenant_id = contor_tenant() AND tenant_id = current_setting('contor.tenant_id'::text)::bigint) WITH CHECK (tenant_id = contor_tenant() AND tenant_id = current_setting('contor.tenant_id'::text)::bigint)
;;
GRANT SELECT, INSERT, UPDATE, DELETE ON product_group TO contor_app
;;
CREATE TABLE product_group_option (
	tenant_id bigint NOT NULL,
	group_ident text NOT NULL,
	option_ident text NOT NULL,
	CONSTRAINT product_group_option_pkey PRIMARY KEY (tenant_id, group_ident, option_ident),
	CONSTRAINT product_group_option_tenant_id_group_ident_fkey FOREIGN KEY (tenant_id, group_ident) REFERENCES product_group(tenant_id, ident) ON DELETE CASCADE,
	CONSTRAINT product_group_option_tenant_id_option_ident_fkey FOREIGN KEY (tenant_id, option_ident) REFERENCES plan_option(tenant_id, option_ident)
)
;;
CREATE INDEX product_group_option_ix ON product_group_option (tenant_id, option_ident)
;;
ALTER TABLE product_group_option ALTER COLUMN tenant_id SET STATISTICS 0
;;
ALTER TABLE product_group_option ENABLE ROW LEVEL SECURITY
;;
ALTER TABLE product_group_option FORCE ROW LEVEL SECURITY
;;
CREATE POLICY tenant ON product_group_option USING (tenant_id = contor_tenant() AND tenant_id = current_setting('contor.tenant_id'::text)::bigint) WITH CHECK (tenant_id = contor_tenant() AND tenant_id = current_setting('contor.tenant_id'::text)::bigint)
;;
GRANT SELECT, INSERT, DELETE ON product_group_option TO contor_app
;;
ALTER TABLE contract ADD COLUMN joint_billing_ident text
;; autocommit
CREATE INDEX CONCURRENTLY IF NOT EXISTS contract_joint_billing_ix ON contract (tenant_id, joint_billing_ident, contract_id) WHERE joint_billing_ident IS NOT NULL
;; transaction
SET LOCAL lock_timeout = '3s'
;;
ALTER TABLE contract ADD CONSTRAINT contract_tenant_id_joint_billing_ident_fkey FOREIGN KEY (tenant_id, joint_billing_ident) REFERENCES joint_billing(tenant_id, ident) NOT VALID
;; autocommit
DO $$ DECLARE tenant bigint; BEGIN
  -- The owner too sees one tenant's rows at a time. Each try is undone, so that the constraint is valid when all were asked.
  FOR tenant IN SELECT id FROM directory.environment WHERE row_security_active('contract') LOOP
    BEGIN
      PERFORM set_config('contor.tenant_id', tenant::text, true);
      ALTER TABLE contract VALIDATE CONSTRAINT contract_tenant_id_joint_billing_ident_fkey;
      RAISE SQLSTATE 'CT001';
    EXCEPTION WHEN SQLSTATE 'CT001' THEN NULL;
    END;
  END LOOP;
  PERFORM set_config('contor.tenant_id', '0', true);
  ALTER TABLE contract VALIDATE CONSTRAINT contract_tenant_id_joint_billing_ident_fkey;
END $$

;; transaction
SET LOCAL lock_timeout = '3s'
;;
CREATE TABLE coupon (
	tenant_id bigint NOT NULL,
	code text NOT NULL,
	name text NOT NULL,
	description text,
	type text NOT NULL,
	percentage numeric(19,4),
	amount numeric(19,4),
	amount_on text NOT NULL,
	currency text NOT NULL,
	duration text NOT NULL,
	period jsonb,
	limit_total bigint,
	limit_per_customer bigint,
	valid_from date,
	valid_to date,
	plans jsonb NOT NULL,
	excluded_plans jsonb NOT NULL,
	options jsonb NOT NULL,
	excluded_options jsonb NOT NULL,
	combination text NOT NULL,
	campaign text,
	properties jsonb NOT NULL,
	usages bigint DEFAULT 0 NOT NULL,
	withdrawn_at timestamp with time zone,
	created_at timestamp with time zone NOT NULL,
	last_modified_at timestamp with time zone NOT NULL,
	CONSTRAINT coupon_pkey PRIMARY KEY (tenant_id, code)
)
;;
ALTER TABLE coupon ALTER COLUMN tenant_id SET STATISTICS 0
;;
ALTER TABLE coupon ENABLE ROW LEVEL SECURITY
;;
ALTER TABLE coupon FORCE ROW LEVEL SECURITY
;;
CREATE POLICY tenant ON coupon USING (tenant_id = contor_tenant() AND tenant_id = current_setting('contor.tenant_id'::text)::bigint) WITH CHECK (tenant_id = contor_tenant() AND tenant_id = current_setting('contor.tenant_id'::text)::bigint)
;;
GRANT SELECT, INSERT, UPDATE, DELETE ON coupon TO contor_app
;;
CREATE TABLE contract_coupon (
	tenant_id bigint NOT NULL,
	redemption_id bigint NOT NULL,
	contract_ident text NOT NULL,
	coupon_code text NOT NULL,
	customer_ident text NOT NULL,
	valid_from date,
	counts boolean DEFAULT true NOT NULL,
	redeemed_at timestamp with time zone NOT NULL,
	withdrawn_at timestamp with time zone,
	CONSTRAINT contract_coupon_pkey PRIMARY KEY (tenant_id, redemption_id),
	CONSTRAINT contract_coupon_tenant_id_contract_ident_fkey FOREIGN KEY (tenant_id, contract_ident) REFERENCES contract(tenant_id, contract_ident),
	CONSTRAINT contract_coupon_tenant_id_coupon_code_fkey FOREIGN KEY (tenant_id, coupon_code) REFERENCES coupon(tenant_id, code)
)
;;
CREATE INDEX contract_coupon_code_ix ON contract_coupon (tenant_id, coupon_code, customer_ident)
;;
CREATE INDEX contract_coupon_contract_ix ON contract_coupon (tenant_id, contract_ident)
;;
CREATE UNIQUE INDEX contract_coupon_key ON contract_coupon (tenant_id, contract_ident, coupon_code) WHERE withdrawn_at IS NULL
;;
ALTER TABLE contract_coupon ALTER COLUMN tenant_id SET STATISTICS 0
;;
ALTER TABLE contract_coupon ENABLE ROW LEVEL SECURITY
;;
ALTER TABLE contract_coupon FORCE ROW LEVEL SECURITY
;;
CREATE POLICY tenant ON contract_coupon USING (tenant_id = contor_tenant() AND tenant_id = current_setting('contor.tenant_id'::text)::bigint) WITH CHECK (tenant_id = contor_tenant() AND tenant_id = current_setting('contor.tenant_id'::text)::bigint)
;;
GRANT SELECT, INSERT ON contract_coupon TO contor_app
;;
GRANT UPDATE (counts, valid_from, withdrawn_at) ON contract_coupon TO contor_app
;;
ALTER TABLE contract_allowance ADD COLUMN amount_on text DEFAULT 'SUM'::text NOT NULL
;;
ALTER TABLE contract_allowance ADD COLUMN intervals bigint
;;
ALTER TABLE contract_allowance ADD COLUMN redemption_id bigint
;;
ALTER TABLE contract_allowance ADD COLUMN coupon_code text

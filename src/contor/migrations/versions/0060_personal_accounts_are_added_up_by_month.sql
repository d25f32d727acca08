;; transaction
SET LOCAL lock_timeout = '3s'
;;
CREATE TABLE personal_account (
	tenant_id bigint NOT NULL,
	account bigint NOT NULL,
	currency text NOT NULL,
	first_month text NOT NULL,
	party text,
	CONSTRAINT personal_account_pkey PRIMARY KEY (tenant_id, account, currency)
)
;;
CREATE INDEX personal_account_party_ix ON personal_account (tenant_id, party, account, currency) WHERE party IS NOT NULL
;;
ALTER TABLE personal_account ALTER COLUMN tenant_id SET STATISTICS 0
;;
ALTER TABLE personal_account ENABLE ROW LEVEL SECURITY
;;
ALTER TABLE personal_account FORCE ROW LEVEL SECURITY
;;
CREATE POLICY tenant ON personal_account USING (tenant_id = contor_tenant() AND tenant_id = current_setting('contor.tenant_id'::text)::bigint) WITH CHECK (tenant_id = contor_tenant() AND tenant_id = current_setting('contor.tenant_id'::text)::bigint)
;;
GRANT SELECT, INSERT ON personal_account TO contor_app
;;
GRANT UPDATE (first_month, party) ON personal_account TO contor_app
;;
CREATE TABLE personal_fold (
	tenant_id bigint NOT NULL,
	fiscal_year integer NOT NULL,
	through bigint NOT NULL,
	CONSTRAINT personal_fold_pkey PRIMARY KEY (tenant_id, fiscal_year)
)
;;
ALTER TABLE personal_fold ALTER COLUMN tenant_id SET STATISTICS 0
;;
ALTER TABLE personal_fold ENABLE ROW LEVEL SECURITY
;;
ALTER TABLE personal_fold FORCE ROW LEVEL SECURITY
;;
CREATE POLICY tenant ON personal_fold USING (tenant_id = contor_tenant() AND tenant_id = current_setting('contor.tenant_id'::text)::bigint) WITH CHECK (tenant_id = contor_tenant() AND tenant_id = current_setting('contor.tenant_id'::text)::bigint)
;;
GRANT SELECT, INSERT ON personal_fold TO contor_app
;;
GRANT UPDATE (through) ON personal_fold TO contor_app
;;
CREATE TABLE personal_month (
	tenant_id bigint NOT NULL,
	account bigint NOT NULL,
	currency text NOT NULL,
	month text NOT NULL,
	debit numeric(25,4) NOT NULL,
	credit numeric(25,4) NOT NULL,
	CONSTRAINT personal_month_pkey PRIMARY KEY (tenant_id, account, currency, month)
)
;;
ALTER TABLE personal_month ALTER COLUMN tenant_id SET STATISTICS 0
;;
ALTER TABLE personal_month ENABLE ROW LEVEL SECURITY
;;
ALTER TABLE personal_month FORCE ROW LEVEL SECURITY
;;
CREATE POLICY tenant ON personal_month USING (tenant_id = contor_tenant() AND tenant_id = current_setting('contor.tenant_id'::text)::bigint) WITH CHECK (tenant_id = contor_tenant() AND tenant_id = current_setting('contor.tenant_id'::text)::bigint)
;;
GRANT SELECT, INSERT ON personal_month TO contor_app
;;
GRANT UPDATE (credit, debit) ON personal_month TO contor_app

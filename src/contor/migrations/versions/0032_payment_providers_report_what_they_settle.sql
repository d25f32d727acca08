;; transaction
SET LOCAL lock_timeout = '3s'
;;
CREATE TABLE settlement_mapping (
	tenant_id bigint NOT NULL,
	account_ident text NOT NULL,
	mapping jsonb NOT NULL,
	last_modified_at timestamp with time zone NOT NULL,
	CONSTRAINT settlement_mapping_pkey PRIMARY KEY (tenant_id, account_ident),
	CONSTRAINT settlement_mapping_tenant_id_account_ident_fkey FOREIGN KEY (tenant_id, account_ident) REFERENCES merchant_payment_account(tenant_id, ident)
)
;;
ALTER TABLE settlement_mapping ALTER COLUMN tenant_id SET STATISTICS 0
;;
ALTER TABLE settlement_mapping ENABLE ROW LEVEL SECURITY
;;
ALTER TABLE settlement_mapping FORCE ROW LEVEL SECURITY
;;
CREATE POLICY tenant ON settlement_mapping USING (tenant_id = contor_tenant() AND tenant_id = current_setting('contor.tenant_id'::text)::bigint) WITH CHECK (tenant_id = contor_tenant() AND tenant_id = current_setting('contor.tenant_id'::text)::bigint)
;;
GRANT SELECT, INSERT, UPDATE, DELETE ON settlement_mapping TO contor_app
;;
CREATE TABLE settlement_upload (
	tenant_id bigint NOT NULL,
	ident text NOT NULL,
	id bigint NOT NULL,
	account_ident text NOT NULL,
	file_name text NOT NULL,
	size bigint NOT NULL,
	sha256 text NOT NULL,
	state text NOT NULL,
	format text,
	findings jsonb NOT NULL,
	created_at timestamp with time zone NOT NULL,
	read_at timestamp with time zone,
	CONSTRAINT settlement_upload_pkey PRIMARY KEY (tenant_id, ident),
	CONSTRAINT settlement_upload_tenant_id_account_ident_fkey FOREIGN KEY (tenant_id, account_ident) REFERENCES merchant_payment_account(tenant_id, ident)
)
;;
CREATE INDEX settlement_upload_created_ix ON settlement_upload (tenant_id, account_ident, created_at, ident)
;;
CREATE UNIQUE INDEX settlement_upload_sha256_key ON settlement_upload (tenant_id, account_ident, sha256)
;;
ALTER TABLE settlement_upload ALTER COLUMN tenant_id SET STATISTICS 0
;;
ALTER TABLE settlement_upload ENABLE ROW LEVEL SECURITY
;;
ALTER TABLE settlement_upload FORCE ROW LEVEL SECURITY
;;
CREATE POLICY tenant ON settlement_upload USING (tenant_id = contor_tenant() AND tenant_id = current_setting('contor.tenant_id'::text)::bigint) WITH CHECK (tenant_id = contor_tenant() AND tenant_id = current_setting('contor.tenant_id'::text)::bigint)
;;
GRANT SELECT, INSERT ON settlement_upload TO contor_app
;;
GRANT UPDATE (findings, format, read_at, state) ON settlement_upload TO contor_app
;;
CREATE TABLE settlement_report (
	tenant_id bigint NOT NULL,
	ident text NOT NULL,
	id bigint NOT NULL,
	account_ident text NOT NULL,
	provider text NOT NULL,
	external_ident text NOT NULL,
	period_start date NOT NULL,
	period_end date NOT NULL,
	opening_balance numeric(19,4) NOT NULL,
	closing_balance numeric(19,4) NOT NULL,
	currency text NOT NULL,
	item_count integer DEFAULT 0 NOT NULL,
	net numeric(19,4) DEFAULT 0 NOT NULL,
	upload_ident text,
	created_at timestamp with time zone NOT NULL,
	CONSTRAINT settlement_report_pkey PRIMARY KEY (tenant_id, ident),
	CONSTRAINT settlement_report_tenant_id_account_ident_fkey FOREIGN KEY (tenant_id, account_ident) REFERENCES merchant_payment_account(tenant_id, ident),
	CONSTRAINT settlement_report_tenant_id_upload_ident_fkey FOREIGN KEY (tenant_id, upload_ident) REFERENCES settlement_upload(tenant_id, ident)
)
;;
CREATE INDEX settlement_report_account_ix ON settlement_report (tenant_id, account_ident, created_at, ident)
;;
CREATE INDEX settlement_report_created_ix ON settlement_report (tenant_id, created_at, ident)
;;
CREATE UNIQUE INDEX settlement_report_external_key ON settlement_report (tenant_id, provider, external_ident)
;;
CREATE INDEX settlement_report_period_ix ON settlement_report (tenant_id, account_ident, period_start, period_end, id)
;;
CREATE INDEX settlement_report_upload_ix ON settlement_report (tenant_id, upload_ident) WHERE upload_ident IS NOT NULL
;;
ALTER TABLE settlement_report ALTER COLUMN tenant_id SET STATISTICS 0
;;
ALTER TABLE settlement_report ENABLE ROW LEVEL SECURITY
;;
ALTER TABLE settlement_report FORCE ROW LEVEL SECURITY
;;
CREATE POLICY tenant ON settlement_report USING (tenant_id = contor_tenant() AND tenant_id = current_setting('contor.tenant_id'::text)::bigint) WITH CHECK (tenant_id = contor_tenant() AND tenant_id = current_setting('contor.tenant_id'::text)::bigint)
;;
GRANT SELECT, INSERT ON settlement_report TO contor_app
;;
GRANT UPDATE (item_count, net) ON settlement_report TO contor_app
;;
CREATE TABLE settlement_item (
	tenant_id bigint NOT NULL,
	ident text NOT NULL,
	id bigint NOT NULL,
	account_ident text NOT NULL,
	report_ident text NOT NULL,
	external_ident text NOT NULL,
	type text NOT NULL,
	gross numeric(19,4) NOT NULL,
	fee numeric(19,4) NOT NULL,
	net numeric(19,4) NOT NULL,
	currency text NOT NULL,
	booking_date date NOT NULL,
	value_date date,
	reference text,
	description text NOT NULL,
	reason_code text,
	state text NOT NULL,
	payment_ident text,
	bank_payment_ident text,
	created_at timestamp with time zone NOT NULL,
	CONSTRAINT settlement_item_pkey PRIMARY KEY (tenant_id, ident),
	CONSTRAINT settlement_item_tenant_id_report_ident_fkey FOREIGN KEY (tenant_id, report_ident) REFERENCES settlement_report(tenant_id, ident)
)
;;
CREATE INDEX settlement_item_account_ix ON settlement_item (tenant_id, account_ident, created_at, ident)
;;
CREATE UNIQUE INDEX settlement_item_bank_key ON settlement_item (tenant_id, bank_payment_ident) WHERE bank_payment_ident IS NOT NULL
;;
CREATE INDEX settlement_item_created_ix ON settlement_item (tenant_id, created_at, ident)
;;
CREATE UNIQUE INDEX settlement_item_external_key ON settlement_item (tenant_id, account_ident, external_ident)
;;
CREATE UNIQUE INDEX settlement_item_payment_key ON settlement_item (tenant_id, payment_ident) WHERE payment_ident IS NOT NULL
;;
CREATE INDEX settlement_item_report_ix ON settlement_item (tenant_id, report_ident, ident)
;;
CREATE INDEX settlement_item_transit_ix ON settlement_item (tenant_id, gross, ident) WHERE state = 'IN_TRANSIT'::text
;;
ALTER TABLE settlement_item ALTER COLUMN tenant_id SET STATISTICS 0
;;
ALTER TABLE settlement_item SET (fillfactor=90)
;;
ALTER TABLE settlement_item ENABLE ROW LEVEL SECURITY
;;
ALTER TABLE settlement_item FORCE ROW LEVEL SECURITY
;;
CREATE POLICY tenant ON settlement_item USING (tenant_id = contor_tenant() AND tenant_id = current_setting('contor.tenant_id'::text)::bigint) WITH CHECK (tenant_id = contor_tenant() AND tenant_id = current_setting('contor.tenant_id'::text)::bigint)
;;
GRANT SELECT, INSERT ON settlement_item TO contor_app
;;
GRANT UPDATE (bank_payment_ident, state) ON settlement_item TO contor_app

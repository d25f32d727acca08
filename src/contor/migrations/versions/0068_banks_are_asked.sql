;; transaction
SET LOCAL lock_timeout = '3s'
;;
CREATE TABLE open_banking_account (
	tenant_id bigint NOT NULL,
	ident text NOT NULL,
	id bigint NOT NULL,
	account_ident text NOT NULL,
	provider text NOT NULL,
	alias text,
	bank_name text NOT NULL,
	url text,
	user_name text,
	tan_method text,
	tan_medium text,
	secrets text,
	challenge jsonb,
	status text NOT NULL,
	valid_until timestamp with time zone,
	last_accessed_at timestamp with time zone,
	last_informed_at timestamp with time zone,
	asked_at timestamp with time zone,
	tried_at timestamp with time zone,
	problem text,
	failing_since timestamp with time zone,
	created_at timestamp with time zone NOT NULL,
	last_modified_at timestamp with time zone NOT NULL,
	CONSTRAINT open_banking_account_pkey PRIMARY KEY (tenant_id, ident),
	CONSTRAINT open_banking_account_tenant_id_account_ident_fkey FOREIGN KEY (tenant_id, account_ident) REFERENCES merchant_payment_account(tenant_id, ident)
)
;;
CREATE UNIQUE INDEX open_banking_account_account_key ON open_banking_account (tenant_id, account_ident)
;;
CREATE INDEX open_banking_account_created_ix ON open_banking_account (tenant_id, created_at, ident)
;;
ALTER TABLE open_banking_account ALTER COLUMN tenant_id SET STATISTICS 0
;;
ALTER TABLE open_banking_account ENABLE ROW LEVEL SECURITY
;;
ALTER TABLE open_banking_account FORCE ROW LEVEL SECURITY
;;
CREATE POLICY tenant ON open_banking_account USING (tenant_id = contor_tenant() AND tenant_id = current_setting('contor.tenant_id'::text)::bigint) WITH CHECK (tenant_id = contor_tenant() AND tenant_id = current_setting('contor.tenant_id'::text)::bigint)
;;
GRANT SELECT, INSERT, UPDATE, DELETE ON open_banking_account TO contor_app
;;
CREATE TABLE simulated_booking (
	tenant_id bigint NOT NULL,
	ident text NOT NULL,
	account_ident text NOT NULL,
	booked_on date NOT NULL,
	amount numeric(19,4) NOT NULL,
	currency text NOT NULL,
	text text NOT NULL,
	counterpart_name text,
	counterpart_iban text,
	end_to_end_ident text,
	created_at timestamp with time zone NOT NULL,
	CONSTRAINT simulated_booking_pkey PRIMARY KEY (tenant_id, ident),
	CONSTRAINT simulated_booking_tenant_id_account_ident_fkey FOREIGN KEY (tenant_id, account_ident) REFERENCES merchant_payment_account(tenant_id, ident)
)
;;
CREATE INDEX simulated_booking_day_ix ON simulated_booking (tenant_id, account_ident, booked_on, ident)
;;
ALTER TABLE simulated_booking ALTER COLUMN tenant_id SET STATISTICS 0
;;
ALTER TABLE simulated_booking SET (autovacuum_freeze_min_age=0, autovacuum_vacuum_insert_scale_factor=0, autovacuum_vacuum_insert_threshold=20000)
;;
ALTER TABLE simulated_booking ENABLE ROW LEVEL SECURITY
;;
ALTER TABLE simulated_booking FORCE ROW LEVEL SECURITY
;;
CREATE POLICY tenant ON simulated_booking USING (tenant_id = contor_tenant() AND tenant_id = current_setting('contor.tenant_id'::text)::bigint) WITH CHECK (tenant_id = contor_tenant() AND tenant_id = current_setting('contor.tenant_id'::text)::bigint)
;;
GRANT SELECT, INSERT ON simulated_booking TO contor_app

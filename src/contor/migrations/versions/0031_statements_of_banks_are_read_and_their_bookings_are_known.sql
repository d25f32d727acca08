;; transaction
SET LOCAL lock_timeout = '3s'
;;
CREATE TABLE bank_entry (
	tenant_id bigint NOT NULL,
	ident text NOT NULL,
	account_ident text NOT NULL,
	file_ident text NOT NULL,
	booked_on date NOT NULL,
	valued_on date NOT NULL,
	amount numeric(19,4) NOT NULL,
	ordinal integer NOT NULL,
	family text NOT NULL,
	reference text,
	end_to_end_ident text,
	iban_key text,
	created_at timestamp with time zone NOT NULL,
	statement_position bigint,
	parts integer NOT NULL,
	detail integer NOT NULL,
	listed boolean NOT NULL,
	payments integer NOT NULL,
	row_hash bytea,
	CONSTRAINT bank_entry_pkey PRIMARY KEY (tenant_id, ident),
	CONSTRAINT bank_entry_tenant_id_account_ident_fkey FOREIGN KEY (tenant_id, account_ident) REFERENCES merchant_payment_account(tenant_id, ident)
)
;;
CREATE INDEX bank_entry_day_ix ON bank_entry (tenant_id, account_ident, booked_on, ordinal, ident)
;;
CREATE INDEX bank_entry_listed_ix ON bank_entry (tenant_id, account_ident, ident) WHERE listed
;;
CREATE INDEX bank_entry_statement_ix ON bank_entry (tenant_id, account_ident, statement_position)
;;
CREATE INDEX bank_entry_unhashed_ix ON bank_entry (tenant_id) WHERE row_hash IS NULL
;;
ALTER TABLE bank_entry ALTER COLUMN tenant_id SET STATISTICS 0
;;
ALTER TABLE bank_entry ENABLE ROW LEVEL SECURITY
;;
ALTER TABLE bank_entry FORCE ROW LEVEL SECURITY
;;
CREATE POLICY tenant ON bank_entry USING (tenant_id = contor_tenant() AND tenant_id = current_setting('contor.tenant_id'::text)::bigint) WITH CHECK (tenant_id = contor_tenant() AND tenant_id = current_setting('contor.tenant_id'::text)::bigint)
;;
GRANT SELECT, INSERT ON bank_entry TO contor_app
;;
GRANT UPDATE (detail, end_to_end_ident, iban_key, listed, parts, payments, reference, statement_position) ON bank_entry TO contor_app
;;
CREATE TABLE bank_statement (
	tenant_id bigint NOT NULL,
	account_ident text NOT NULL,
	"position" bigint NOT NULL,
	file_ident text NOT NULL,
	number text,
	currency text NOT NULL,
	booking_account bigint,
	from_amount numeric(19,4) NOT NULL,
	to_amount numeric(19,4) NOT NULL,
	from_day date NOT NULL,
	to_day date NOT NULL,
	forced boolean NOT NULL,
	created_at timestamp with time zone NOT NULL,
	row_hash bytea,
	CONSTRAINT bank_statement_pkey PRIMARY KEY (tenant_id, account_ident, "position"),
	CONSTRAINT bank_statement_tenant_id_account_ident_fkey FOREIGN KEY (tenant_id, account_ident) REFERENCES merchant_payment_account(tenant_id, ident)
)
;;
CREATE INDEX bank_statement_unhashed_ix ON bank_statement (tenant_id) WHERE row_hash IS NULL
;;
ALTER TABLE bank_statement ALTER COLUMN tenant_id SET STATISTICS 0
;;
ALTER TABLE bank_statement SET (autovacuum_freeze_min_age=0, autovacuum_vacuum_insert_scale_factor=0, autovacuum_vacuum_insert_threshold=20000)
;;
ALTER TABLE bank_statement ENABLE ROW LEVEL SECURITY
;;
ALTER TABLE bank_statement FORCE ROW LEVEL SECURITY
;;
CREATE POLICY tenant ON bank_statement USING (tenant_id = contor_tenant() AND tenant_id = current_setting('contor.tenant_id'::text)::bigint) WITH CHECK (tenant_id = contor_tenant() AND tenant_id = current_setting('contor.tenant_id'::text)::bigint)
;;
GRANT SELECT, INSERT ON bank_statement TO contor_app
;;
CREATE TABLE statement_file (
	tenant_id bigint NOT NULL,
	ident text NOT NULL,
	id bigint NOT NULL,
	account_ident text,
	file_name text NOT NULL,
	sha256 text NOT NULL,
	blob text NOT NULL,
	size bigint NOT NULL,
	way text NOT NULL,
	state text NOT NULL,
	reasons json NOT NULL,
	counts json NOT NULL,
	statements json NOT NULL,
	forced boolean DEFAULT false NOT NULL,
	received_at timestamp with time zone NOT NULL,
	read_at timestamp with time zone,
	row_hash bytea,
	CONSTRAINT statement_file_pkey PRIMARY KEY (tenant_id, ident)
)
;;
CREATE INDEX statement_file_aside_ix ON statement_file (tenant_id, account_ident, id) WHERE state = ANY (ARRAY['RECEIVED'::text, 'KEPT_ASIDE'::text])
;;
CREATE INDEX statement_file_name_ix ON statement_file (tenant_id, file_name, size)
;;
CREATE INDEX statement_file_received_ix ON statement_file (tenant_id, account_ident, received_at, ident)
;;
CREATE INDEX statement_file_sha256_ix ON statement_file (tenant_id, sha256)
;;
CREATE INDEX statement_file_unhashed_ix ON statement_file (tenant_id) WHERE row_hash IS NULL
;;
ALTER TABLE statement_file ALTER COLUMN tenant_id SET STATISTICS 0
;;
ALTER TABLE statement_file ENABLE ROW LEVEL SECURITY
;;
ALTER TABLE statement_file FORCE ROW LEVEL SECURITY
;;
CREATE POLICY tenant ON statement_file USING (tenant_id = contor_tenant() AND tenant_id = current_setting('contor.tenant_id'::text)::bigint) WITH CHECK (tenant_id = contor_tenant() AND tenant_id = current_setting('contor.tenant_id'::text)::bigint)
;;
GRANT SELECT, INSERT ON statement_file TO contor_app
;;
GRANT UPDATE (account_ident, counts, forced, read_at, reasons, state, statements) ON statement_file TO contor_app
;;
CREATE TABLE statement_mapping (
	tenant_id bigint NOT NULL,
	account_ident text NOT NULL,
	ident text NOT NULL,
	name text,
	form jsonb NOT NULL,
	created_at timestamp with time zone NOT NULL,
	last_modified_at timestamp with time zone NOT NULL,
	CONSTRAINT statement_mapping_pkey PRIMARY KEY (tenant_id, account_ident, ident),
	CONSTRAINT statement_mapping_tenant_id_account_ident_fkey FOREIGN KEY (tenant_id, account_ident) REFERENCES merchant_payment_account(tenant_id, ident)
)
;;
ALTER TABLE statement_mapping ALTER COLUMN tenant_id SET STATISTICS 0
;;
ALTER TABLE statement_mapping ENABLE ROW LEVEL SECURITY
;;
ALTER TABLE statement_mapping FORCE ROW LEVEL SECURITY
;;
CREATE POLICY tenant ON statement_mapping USING (tenant_id = contor_tenant() AND tenant_id = current_setting('contor.tenant_id'::text)::bigint) WITH CHECK (tenant_id = contor_tenant() AND tenant_id = current_setting('contor.tenant_id'::text)::bigint)
;;
GRANT SELECT, INSERT, UPDATE, DELETE ON statement_mapping TO contor_app
;;
CREATE TABLE statement_source (
	tenant_id bigint NOT NULL,
	ident text NOT NULL,
	name text,
	active boolean NOT NULL,
	host text NOT NULL,
	port bigint NOT NULL,
	user_name text NOT NULL,
	host_key text NOT NULL,
	password text NOT NULL,
	folder text NOT NULL,
	remove boolean NOT NULL,
	created_at timestamp with time zone NOT NULL,
	last_modified_at timestamp with time zone NOT NULL,
	CONSTRAINT statement_source_pkey PRIMARY KEY (tenant_id, ident)
)
;;
ALTER TABLE statement_source ALTER COLUMN tenant_id SET STATISTICS 0
;;
ALTER TABLE statement_source ENABLE ROW LEVEL SECURITY
;;
ALTER TABLE statement_source FORCE ROW LEVEL SECURITY
;;
CREATE POLICY tenant ON statement_source USING (tenant_id = contor_tenant() AND tenant_id = current_setting('contor.tenant_id'::text)::bigint) WITH CHECK (tenant_id = contor_tenant() AND tenant_id = current_setting('contor.tenant_id'::text)::bigint)
;;
GRANT SELECT, INSERT, UPDATE, DELETE ON statement_source TO contor_app
;;
ALTER TABLE payment ADD COLUMN bank_entry_ident text
;;
ALTER TABLE payment ADD COLUMN replaced_at timestamp with time zone
;;
GRANT UPDATE (replaced_at) ON payment TO contor_app
;; autocommit
CREATE INDEX CONCURRENTLY IF NOT EXISTS payment_bank_entry_ix ON payment (tenant_id, bank_entry_ident, ident) WHERE bank_entry_ident IS NOT NULL

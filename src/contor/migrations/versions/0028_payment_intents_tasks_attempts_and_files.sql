;; transaction
SET LOCAL lock_timeout = '3s'
;;
CREATE TABLE payment_file (
	tenant_id bigint NOT NULL,
	ident text NOT NULL,
	merchant_account_ident text NOT NULL,
	kind text NOT NULL,
	version text NOT NULL,
	status text NOT NULL,
	sha256 text NOT NULL,
	size bigint NOT NULL,
	transactions integer NOT NULL,
	total numeric(19,4) NOT NULL,
	verification text NOT NULL,
	rejected integer NOT NULL,
	reason text,
	created_at timestamp with time zone NOT NULL,
	sent_at timestamp with time zone,
	row_hash bytea,
	CONSTRAINT payment_file_pkey PRIMARY KEY (tenant_id, ident),
	CONSTRAINT payment_file_tenant_id_merchant_account_ident_fkey FOREIGN KEY (tenant_id, merchant_account_ident) REFERENCES merchant_payment_account(tenant_id, ident)
)
;;
CREATE INDEX payment_file_created_ix ON payment_file (tenant_id, created_at, ident)
;;
CREATE INDEX payment_file_unhashed_ix ON payment_file (tenant_id) WHERE row_hash IS NULL
;;
ALTER TABLE payment_file ALTER COLUMN tenant_id SET STATISTICS 0
;;
ALTER TABLE payment_file ENABLE ROW LEVEL SECURITY
;;
ALTER TABLE payment_file FORCE ROW LEVEL SECURITY
;;
CREATE POLICY tenant ON payment_file USING (tenant_id = contor_tenant() AND tenant_id = current_setting('contor.tenant_id'::text)::bigint) WITH CHECK (tenant_id = contor_tenant() AND tenant_id = current_setting('contor.tenant_id'::text)::bigint)
;;
GRANT SELECT, INSERT ON payment_file TO contor_app
;;
GRANT UPDATE (reason, rejected, sent_at, status) ON payment_file TO contor_app
;;
CREATE TABLE payment_intent (
	tenant_id bigint NOT NULL,
	ident text NOT NULL,
	type text NOT NULL,
	status text NOT NULL,
	document_id bigint NOT NULL,
	document_ident text NOT NULL,
	customer_ident text NOT NULL,
	customer_account_ident text NOT NULL,
	merchant_account_ident text NOT NULL,
	provider text NOT NULL,
	amount numeric(19,4) NOT NULL,
	currency text NOT NULL,
	statement_descriptor text,
	due_on date NOT NULL,
	refunds_intent_ident text,
	notified_on date,
	released boolean DEFAULT false NOT NULL,
	prebooked boolean NOT NULL,
	reason text,
	retry_on date,
	retries integer DEFAULT 0 NOT NULL,
	created_at timestamp with time zone NOT NULL,
	last_modified_at timestamp with time zone NOT NULL,
	CONSTRAINT payment_intent_pkey PRIMARY KEY (tenant_id, ident),
	CONSTRAINT payment_intent_tenant_id_merchant_account_ident_fkey FOREIGN KEY (tenant_id, merchant_account_ident) REFERENCES merchant_payment_account(tenant_id, ident)
)
;;
CREATE INDEX payment_intent_created_ix ON payment_intent (tenant_id, created_at, ident)
;;
CREATE INDEX payment_intent_document_ix ON payment_intent (tenant_id, document_id, ident)
;;
CREATE INDEX payment_intent_in_file_ix ON payment_intent (tenant_id, merchant_account_ident, ident) WHERE status = 'CREATED'::text AND provider = 'SEPA_FILE'::text
;;
CREATE UNIQUE INDEX payment_intent_promised_key ON payment_intent (tenant_id, document_id) WHERE prebooked
;;
CREATE INDEX payment_intent_retry_ix ON payment_intent (tenant_id, retry_on, ident) WHERE retry_on IS NOT NULL
;;
CREATE INDEX payment_intent_status_ix ON payment_intent (tenant_id, status, created_at, ident)
;;
CREATE INDEX payment_intent_waiting_ix ON payment_intent (tenant_id, provider, due_on, ident) WHERE status = 'CREATED'::text
;;
ALTER TABLE payment_intent ALTER COLUMN tenant_id SET STATISTICS 0
;;
ALTER TABLE payment_intent ENABLE ROW LEVEL SECURITY
;;
ALTER TABLE payment_intent FORCE ROW LEVEL SECURITY
;;
CREATE POLICY tenant ON payment_intent USING (tenant_id = contor_tenant() AND tenant_id = current_setting('contor.tenant_id'::text)::bigint) WITH CHECK (tenant_id = contor_tenant() AND tenant_id = current_setting('contor.tenant_id'::text)::bigint)
;;
GRANT SELECT, INSERT ON payment_intent TO contor_app
;;
GRANT UPDATE (customer_account_ident, due_on, last_modified_at, merchant_account_ident, prebooked, provider, reason, released, retries, retry_on, status) ON payment_intent TO contor_app
;;
CREATE TABLE payment_intent_task (
	tenant_id bigint NOT NULL,
	ident text NOT NULL,
	document_id bigint NOT NULL,
	document_ident text NOT NULL,
	customer_ident text NOT NULL,
	customer_account_ident text NOT NULL,
	type text NOT NULL,
	amount numeric(19,4) NOT NULL,
	currency text NOT NULL,
	due_on date NOT NULL,
	status text NOT NULL,
	reason text,
	intent_ident text,
	created_at timestamp with time zone NOT NULL,
	last_modified_at timestamp with time zone NOT NULL,
	CONSTRAINT payment_intent_task_pkey PRIMARY KEY (tenant_id, ident),
	CONSTRAINT payment_intent_task_tenant_id_document_id_fkey FOREIGN KEY (tenant_id, document_id) REFERENCES opos_case(tenant_id, document_id)
)
;;
CREATE INDEX payment_intent_task_created_ix ON payment_intent_task (tenant_id, created_at, ident)
;;
CREATE UNIQUE INDEX payment_intent_task_document_key ON payment_intent_task (tenant_id, document_id)
;;
CREATE INDEX payment_intent_task_due_ix ON payment_intent_task (tenant_id, due_on, ident) WHERE status = 'ENABLED'::text
;;
CREATE INDEX payment_intent_task_intent_ix ON payment_intent_task (tenant_id, intent_ident) WHERE intent_ident IS NOT NULL
;;
CREATE INDEX payment_intent_task_status_ix ON payment_intent_task (tenant_id, status, created_at, ident)
;;
ALTER TABLE payment_intent_task ALTER COLUMN tenant_id SET STATISTICS 0
;;
ALTER TABLE payment_intent_task ENABLE ROW LEVEL SECURITY
;;
ALTER TABLE payment_intent_task FORCE ROW LEVEL SECURITY
;;
CREATE POLICY tenant ON payment_intent_task USING (tenant_id = contor_tenant() AND tenant_id = current_setting('contor.tenant_id'::text)::bigint) WITH CHECK (tenant_id = contor_tenant() AND tenant_id = current_setting('contor.tenant_id'::text)::bigint)
;;
GRANT SELECT, INSERT ON payment_intent_task TO contor_app
;;
GRANT UPDATE (amount, customer_account_ident, due_on, intent_ident, last_modified_at, reason, status) ON payment_intent_task TO contor_app
;;
CREATE TABLE payment_processing (
	tenant_id bigint NOT NULL,
	enabled boolean NOT NULL,
	CONSTRAINT payment_processing_pkey PRIMARY KEY (tenant_id)
)
;;
ALTER TABLE payment_processing ALTER COLUMN tenant_id SET STATISTICS 0
;;
ALTER TABLE payment_processing ENABLE ROW LEVEL SECURITY
;;
ALTER TABLE payment_processing FORCE ROW LEVEL SECURITY
;;
CREATE POLICY tenant ON payment_processing USING (tenant_id = contor_tenant() AND tenant_id = current_setting('contor.tenant_id'::text)::bigint) WITH CHECK (tenant_id = contor_tenant() AND tenant_id = current_setting('contor.tenant_id'::text)::bigint)
;;
GRANT SELECT, INSERT ON payment_processing TO contor_app
;;
GRANT UPDATE (enabled) ON payment_processing TO contor_app
;;
CREATE TABLE simulated_transfer (
	tenant_id bigint NOT NULL,
	key text NOT NULL,
	type text NOT NULL,
	amount numeric(19,4) NOT NULL,
	currency text NOT NULL,
	outcome text NOT NULL,
	code text,
	known_at timestamp with time zone NOT NULL,
	cancelled_at timestamp with time zone,
	created_at timestamp with time zone NOT NULL,
	CONSTRAINT simulated_transfer_pkey PRIMARY KEY (tenant_id, key)
)
;;
ALTER TABLE simulated_transfer ALTER COLUMN tenant_id SET STATISTICS 0
;;
ALTER TABLE simulated_transfer ENABLE ROW LEVEL SECURITY
;;
ALTER TABLE simulated_transfer FORCE ROW LEVEL SECURITY
;;
CREATE POLICY tenant ON simulated_transfer USING (tenant_id = contor_tenant() AND tenant_id = current_setting('contor.tenant_id'::text)::bigint) WITH CHECK (tenant_id = contor_tenant() AND tenant_id = current_setting('contor.tenant_id'::text)::bigint)
;;
GRANT SELECT, INSERT ON simulated_transfer TO contor_app
;;
GRANT UPDATE (cancelled_at) ON simulated_transfer TO contor_app
;;
CREATE TABLE payment_attempt (
	tenant_id bigint NOT NULL,
	key text NOT NULL,
	intent_ident text NOT NULL,
	number integer NOT NULL,
	state text NOT NULL,
	document_ident text NOT NULL,
	amount numeric(19,4) NOT NULL,
	currency text NOT NULL,
	end_to_end_ident text NOT NULL,
	message_ident text,
	group_ident text,
	mandate_reference text,
	counterpart_name text,
	collected_on date,
	provider_reference text,
	payment_ident text,
	reason_code text,
	reason text,
	ask_at timestamp with time zone,
	created_at timestamp with time zone NOT NULL,
	ended_at timestamp with time zone,
	CONSTRAINT payment_attempt_pkey PRIMARY KEY (tenant_id, key),
	CONSTRAINT payment_attempt_tenant_id_intent_ident_fkey FOREIGN KEY (tenant_id, intent_ident) REFERENCES payment_intent(tenant_id, ident)
)
;;
CREATE INDEX payment_attempt_asked_ix ON payment_attempt (tenant_id, ask_at, key) WHERE ask_at IS NOT NULL
;;
CREATE UNIQUE INDEX payment_attempt_end_to_end_key ON payment_attempt (tenant_id, end_to_end_ident)
;;
CREATE INDEX payment_attempt_group_ix ON payment_attempt (tenant_id, group_ident, key) WHERE group_ident IS NOT NULL
;;
CREATE UNIQUE INDEX payment_attempt_live_key ON payment_attempt (tenant_id, intent_ident) WHERE state = ANY (ARRAY['PROCESSING'::text, 'SUBMITTED'::text, 'SUCCESSFUL'::text])
;;
CREATE INDEX payment_attempt_message_ix ON payment_attempt (tenant_id, message_ident, key) WHERE message_ident IS NOT NULL
;;
CREATE UNIQUE INDEX payment_attempt_number_key ON payment_attempt (tenant_id, intent_ident, number)
;;
CREATE INDEX payment_attempt_reference_ix ON payment_attempt (tenant_id, provider_reference, key) WHERE provider_reference IS NOT NULL
;;
CREATE INDEX payment_attempt_unknown_ix ON payment_attempt (tenant_id, created_at, key) WHERE state = 'PROCESSING'::text
;;
ALTER TABLE payment_attempt ALTER COLUMN tenant_id SET STATISTICS 0
;;
ALTER TABLE payment_attempt ENABLE ROW LEVEL SECURITY
;;
ALTER TABLE payment_attempt FORCE ROW LEVEL SECURITY
;;
CREATE POLICY tenant ON payment_attempt USING (tenant_id = contor_tenant() AND tenant_id = current_setting('contor.tenant_id'::text)::bigint) WITH CHECK (tenant_id = contor_tenant() AND tenant_id = current_setting('contor.tenant_id'::text)::bigint)
;;
GRANT SELECT, INSERT ON payment_attempt TO contor_app
;;
GRANT UPDATE (ask_at, ended_at, payment_ident, provider_reference, reason, reason_code, state) ON payment_attempt TO contor_app
;;
CREATE TABLE payment_status_report (
	tenant_id bigint NOT NULL,
	merchant_account_ident text NOT NULL,
	ident text NOT NULL,
	file_ident text NOT NULL,
	sha256 text NOT NULL,
	status text,
	rejected integer NOT NULL,
	created_at timestamp with time zone NOT NULL,
	CONSTRAINT payment_status_report_pkey PRIMARY KEY (tenant_id, merchant_account_ident, ident),
	CONSTRAINT payment_status_report_tenant_id_file_ident_fkey FOREIGN KEY (tenant_id, file_ident) REFERENCES payment_file(tenant_id, ident)
)
;;
ALTER TABLE payment_status_report ALTER COLUMN tenant_id SET STATISTICS 0
;;
ALTER TABLE payment_status_report SET (autovacuum_freeze_min_age=0, autovacuum_vacuum_insert_scale_factor=0, autovacuum_vacuum_insert_threshold=20000)
;;
ALTER TABLE payment_status_report ENABLE ROW LEVEL SECURITY
;;
ALTER TABLE payment_status_report FORCE ROW LEVEL SECURITY
;;
CREATE POLICY tenant ON payment_status_report USING (tenant_id = contor_tenant() AND tenant_id = current_setting('contor.tenant_id'::text)::bigint) WITH CHECK (tenant_id = contor_tenant() AND tenant_id = current_setting('contor.tenant_id'::text)::bigint)
;;
GRANT SELECT, INSERT ON payment_status_report TO contor_app
;;
ALTER TABLE opos_case ADD COLUMN customer_account_ident text
;; autocommit
CREATE INDEX CONCURRENTLY IF NOT EXISTS opos_case_collected_ix ON opos_case (tenant_id, due_date, document_id) WHERE status = 'OPEN'::text AND payment_collection

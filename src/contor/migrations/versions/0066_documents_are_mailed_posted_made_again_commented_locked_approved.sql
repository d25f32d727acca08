;; transaction
SET LOCAL lock_timeout = '3s'
;;
CREATE TABLE document_comment (
	tenant_id bigint NOT NULL,
	id bigint NOT NULL,
	document_id bigint NOT NULL,
	kind text NOT NULL,
	text text NOT NULL,
	author text NOT NULL,
	created_at timestamp with time zone NOT NULL,
	CONSTRAINT document_comment_pkey PRIMARY KEY (tenant_id, id),
	CONSTRAINT document_comment_tenant_id_document_id_fkey FOREIGN KEY (tenant_id, document_id) REFERENCES document(tenant_id, id)
)
;;
CREATE INDEX document_comment_document_ix ON document_comment (tenant_id, document_id, id)
;;
ALTER TABLE document_comment ALTER COLUMN tenant_id SET STATISTICS 0
;;
ALTER TABLE document_comment SET (autovacuum_freeze_min_age=0, autovacuum_vacuum_insert_scale_factor=0, autovacuum_vacuum_insert_threshold=20000)
;;
ALTER TABLE document_comment ENABLE ROW LEVEL SECURITY
;;
ALTER TABLE document_comment FORCE ROW LEVEL SECURITY
;;
CREATE POLICY tenant ON document_comment USING (tenant_id = contor_tenant() AND tenant_id = current_setting('contor.tenant_id'::text)::bigint) WITH CHECK (tenant_id = contor_tenant() AND tenant_id = current_setting('contor.tenant_id'::text)::bigint)
;;
GRANT SELECT, INSERT ON document_comment TO contor_app
;;
CREATE TABLE document_lock (
	tenant_id bigint NOT NULL,
	document_id bigint NOT NULL,
	locked_by text NOT NULL,
	locked_at timestamp with time zone NOT NULL,
	CONSTRAINT document_lock_pkey PRIMARY KEY (tenant_id, document_id),
	CONSTRAINT document_lock_tenant_id_document_id_fkey FOREIGN KEY (tenant_id, document_id) REFERENCES document(tenant_id, id)
)
;;
ALTER TABLE document_lock ALTER COLUMN tenant_id SET STATISTICS 0
;;
ALTER TABLE document_lock ENABLE ROW LEVEL SECURITY
;;
ALTER TABLE document_lock FORCE ROW LEVEL SECURITY
;;
CREATE POLICY tenant ON document_lock USING (tenant_id = contor_tenant() AND tenant_id = current_setting('contor.tenant_id'::text)::bigint) WITH CHECK (tenant_id = contor_tenant() AND tenant_id = current_setting('contor.tenant_id'::text)::bigint)
;;
GRANT SELECT, INSERT, DELETE ON document_lock TO contor_app
;;
CREATE TABLE mail_wish (
	tenant_id bigint NOT NULL,
	ident text NOT NULL,
	document_id bigint NOT NULL,
	body jsonb NOT NULL,
	created_at timestamp with time zone NOT NULL,
	CONSTRAINT mail_wish_pkey PRIMARY KEY (tenant_id, ident),
	CONSTRAINT mail_wish_tenant_id_document_id_fkey FOREIGN KEY (tenant_id, document_id) REFERENCES document(tenant_id, id)
)
;;
CREATE INDEX mail_wish_document_ix ON mail_wish (tenant_id, document_id)
;;
ALTER TABLE mail_wish ALTER COLUMN tenant_id SET STATISTICS 0
;;
ALTER TABLE mail_wish ENABLE ROW LEVEL SECURITY
;;
ALTER TABLE mail_wish FORCE ROW LEVEL SECURITY
;;
CREATE POLICY tenant ON mail_wish USING (tenant_id = contor_tenant() AND tenant_id = current_setting('contor.tenant_id'::text)::bigint) WITH CHECK (tenant_id = contor_tenant() AND tenant_id = current_setting('contor.tenant_id'::text)::bigint)
;;
GRANT SELECT, INSERT, DELETE ON mail_wish TO contor_app
;;
CREATE TABLE post_configuration (
	tenant_id bigint NOT NULL,
	content jsonb NOT NULL,
	last_modified_at timestamp with time zone NOT NULL,
	CONSTRAINT post_configuration_pkey PRIMARY KEY (tenant_id)
)
;;
ALTER TABLE post_configuration ALTER COLUMN tenant_id SET STATISTICS 0
;;
ALTER TABLE post_configuration ENABLE ROW LEVEL SECURITY
;;
ALTER TABLE post_configuration FORCE ROW LEVEL SECURITY
;;
CREATE POLICY tenant ON post_configuration USING (tenant_id = contor_tenant() AND tenant_id = current_setting('contor.tenant_id'::text)::bigint) WITH CHECK (tenant_id = contor_tenant() AND tenant_id = current_setting('contor.tenant_id'::text)::bigint)
;;
GRANT SELECT, INSERT, UPDATE, DELETE ON post_configuration TO contor_app
;;
CREATE TABLE post_credit (
	tenant_id bigint NOT NULL,
	id bigint NOT NULL,
	credits integer NOT NULL,
	letter_ident text,
	note text NOT NULL,
	created_at timestamp with time zone NOT NULL,
	CONSTRAINT post_credit_pkey PRIMARY KEY (tenant_id, id)
)
;;
CREATE INDEX post_credit_letter_ix ON post_credit (tenant_id, letter_ident)
;;
ALTER TABLE post_credit ALTER COLUMN tenant_id SET STATISTICS 0
;;
ALTER TABLE post_credit SET (autovacuum_freeze_min_age=0, autovacuum_vacuum_insert_scale_factor=0, autovacuum_vacuum_insert_threshold=20000)
;;
ALTER TABLE post_credit ENABLE ROW LEVEL SECURITY
;;
ALTER TABLE post_credit FORCE ROW LEVEL SECURITY
;;
CREATE POLICY tenant ON post_credit USING (tenant_id = contor_tenant() AND tenant_id = current_setting('contor.tenant_id'::text)::bigint) WITH CHECK (tenant_id = contor_tenant() AND tenant_id = current_setting('contor.tenant_id'::text)::bigint)
;;
GRANT SELECT, INSERT ON post_credit TO contor_app
;;
CREATE TABLE post_letter (
	tenant_id bigint NOT NULL,
	ident text NOT NULL,
	document_id bigint NOT NULL,
	document_ident text NOT NULL,
	customer_ident text NOT NULL,
	provider text NOT NULL,
	status text NOT NULL,
	reason text,
	reference text,
	file_sha256 text,
	tries integer NOT NULL,
	due_at timestamp with time zone,
	holder text,
	held_until timestamp with time zone,
	accepted_at timestamp with time zone,
	printed_at timestamp with time zone,
	created_at timestamp with time zone NOT NULL,
	last_modified_at timestamp with time zone NOT NULL,
	CONSTRAINT post_letter_pkey PRIMARY KEY (tenant_id, ident),
	CONSTRAINT post_letter_tenant_id_document_id_fkey FOREIGN KEY (tenant_id, document_id) REFERENCES document(tenant_id, id)
)
;;
CREATE INDEX post_letter_created_ix ON post_letter (tenant_id, created_at)
;;
CREATE INDEX post_letter_customer_ix ON post_letter (tenant_id, customer_ident, created_at)
;;
CREATE INDEX post_letter_document_ix ON post_letter (tenant_id, document_id, created_at)
;;
CREATE INDEX post_letter_due_ix ON post_letter (tenant_id, due_at) WHERE due_at IS NOT NULL
;;
CREATE INDEX post_letter_held_ix ON post_letter (tenant_id, held_until) WHERE status = 'HANDING'::text
;;
CREATE INDEX post_letter_status_ix ON post_letter (tenant_id, status, created_at)
;;
ALTER TABLE post_letter ALTER COLUMN tenant_id SET STATISTICS 0
;;
ALTER TABLE post_letter ENABLE ROW LEVEL SECURITY
;;
ALTER TABLE post_letter FORCE ROW LEVEL SECURITY
;;
CREATE POLICY tenant ON post_letter USING (tenant_id = contor_tenant() AND tenant_id = current_setting('contor.tenant_id'::text)::bigint) WITH CHECK (tenant_id = contor_tenant() AND tenant_id = current_setting('contor.tenant_id'::text)::bigint)
;;
GRANT SELECT, INSERT ON post_letter TO contor_app
;;
GRANT UPDATE (accepted_at, due_at, file_sha256, held_until, holder, last_modified_at, printed_at, reason, reference, status, tries) ON post_letter TO contor_app
;;
CREATE TABLE recurring_document (
	tenant_id bigint NOT NULL,
	ident text NOT NULL,
	id bigint NOT NULL,
	document_type text NOT NULL,
	version bigint NOT NULL,
	start_date date NOT NULL,
	frequency text NOT NULL,
	occurrences integer NOT NULL,
	output text NOT NULL,
	mail boolean NOT NULL,
	item_service_period text NOT NULL,
	content jsonb NOT NULL,
	billing_group_ident text,
	customer_ident text,
	currency text,
	status text NOT NULL,
	made integer NOT NULL,
	place integer NOT NULL,
	last_on date,
	next_on date,
	reasons jsonb NOT NULL,
	tried_at timestamp with time zone,
	created_at timestamp with time zone NOT NULL,
	last_modified_at timestamp with time zone NOT NULL,
	CONSTRAINT recurring_document_pkey PRIMARY KEY (tenant_id, ident)
)
;;
CREATE INDEX recurring_document_created_ix ON recurring_document (tenant_id, created_at, ident)
;;
CREATE INDEX recurring_document_customer_ix ON recurring_document (tenant_id, customer_ident, created_at, ident)
;;
CREATE UNIQUE INDEX recurring_document_id_key ON recurring_document (tenant_id, id)
;;
CREATE INDEX recurring_document_modified_ix ON recurring_document (tenant_id, last_modified_at, ident)
;;
CREATE INDEX recurring_document_next_ix ON recurring_document (tenant_id, next_on, id) WHERE next_on IS NOT NULL
;;
CREATE INDEX recurring_document_status_ix ON recurring_document (tenant_id, status, created_at, ident)
;;
ALTER TABLE recurring_document ALTER COLUMN tenant_id SET STATISTICS 0
;;
ALTER TABLE recurring_document ENABLE ROW LEVEL SECURITY
;;
ALTER TABLE recurring_document FORCE ROW LEVEL SECURITY
;;
CREATE POLICY tenant ON recurring_document USING (tenant_id = contor_tenant() AND tenant_id = current_setting('contor.tenant_id'::text)::bigint) WITH CHECK (tenant_id = contor_tenant() AND tenant_id = current_setting('contor.tenant_id'::text)::bigint)
;;
GRANT SELECT, INSERT, DELETE ON recurring_document TO contor_app
;;
GRANT UPDATE (billing_group_ident, content, currency, customer_ident, frequency, item_service_period, last_modified_at, last_on, made, mail, next_on, occurrences, output, place, reasons, start_date, status, tried_at, version) ON recurring_document TO contor_app
;;
CREATE TABLE recurring_document_made (
	tenant_id bigint NOT NULL,
	recurring_id bigint NOT NULL,
	number integer NOT NULL,
	due_on date NOT NULL,
	draft_ident text NOT NULL,
	made_at timestamp with time zone NOT NULL,
	CONSTRAINT recurring_document_made_pkey PRIMARY KEY (tenant_id, recurring_id, number)
)
;;
CREATE INDEX recurring_document_made_draft_ix ON recurring_document_made (tenant_id, draft_ident)
;;
ALTER TABLE recurring_document_made ALTER COLUMN tenant_id SET STATISTICS 0
;;
ALTER TABLE recurring_document_made SET (autovacuum_freeze_min_age=0, autovacuum_vacuum_insert_scale_factor=0, autovacuum_vacuum_insert_threshold=20000)
;;
ALTER TABLE recurring_document_made ENABLE ROW LEVEL SECURITY
;;
ALTER TABLE recurring_document_made FORCE ROW LEVEL SECURITY
;;
CREATE POLICY tenant ON recurring_document_made USING (tenant_id = contor_tenant() AND tenant_id = current_setting('contor.tenant_id'::text)::bigint) WITH CHECK (tenant_id = contor_tenant() AND tenant_id = current_setting('contor.tenant_id'::text)::bigint)
;;
GRANT SELECT, INSERT ON recurring_document_made TO contor_app
;;
CREATE TABLE simulated_letter (
	tenant_id bigint NOT NULL,
	key text NOT NULL,
	gross numeric(19,4) NOT NULL,
	size integer NOT NULL,
	accepted_at timestamp with time zone NOT NULL,
	CONSTRAINT simulated_letter_pkey PRIMARY KEY (tenant_id, key)
)
;;
ALTER TABLE simulated_letter ALTER COLUMN tenant_id SET STATISTICS 0
;;
ALTER TABLE simulated_letter SET (autovacuum_freeze_min_age=0, autovacuum_vacuum_insert_scale_factor=0, autovacuum_vacuum_insert_threshold=20000)
;;
ALTER TABLE simulated_letter ENABLE ROW LEVEL SECURITY
;;
ALTER TABLE simulated_letter FORCE ROW LEVEL SECURITY
;;
CREATE POLICY tenant ON simulated_letter USING (tenant_id = contor_tenant() AND tenant_id = current_setting('contor.tenant_id'::text)::bigint) WITH CHECK (tenant_id = contor_tenant() AND tenant_id = current_setting('contor.tenant_id'::text)::bigint)
;;
GRANT SELECT, INSERT ON simulated_letter TO contor_app
;;
ALTER TABLE draft ADD COLUMN last_modified_by text
;;
ALTER TABLE draft ADD COLUMN approved_by text
;;
ALTER TABLE draft ADD COLUMN approved_at timestamp with time zone
;;
GRANT UPDATE (approved_at, approved_by, last_modified_by) ON draft TO contor_app
;;
ALTER TABLE mail ADD COLUMN own jsonb
;;
ALTER TABLE tenant_setting ADD COLUMN draft_approval text DEFAULT 'NONE'::text NOT NULL

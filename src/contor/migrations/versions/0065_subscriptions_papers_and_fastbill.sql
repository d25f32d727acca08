;; transaction
SET LOCAL lock_timeout = '3s'
;;
SET LOCAL check_function_bodies = off
;;
CREATE OR REPLACE FUNCTION public.contor_draw_offer_series(integer, bigint, bigint)
 RETURNS bigint
 LANGUAGE sql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog'
AS $function$ INSERT INTO public.offer_series AS c (tenant_id, year, first_value, next_value) SELECT public.contor_tenant(), $1, $2, $2 + $3 WHERE $3 > 0 ON CONFLICT (tenant_id, year) DO UPDATE SET next_value = c.next_value + $3 RETURNING next_value - $3 $function$;
REVOKE ALL ON FUNCTION contor_draw_offer_series(integer,bigint,bigint) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION contor_draw_offer_series(integer,bigint,bigint) TO contor_app
;;
CREATE TABLE contract_change (
	tenant_id bigint NOT NULL,
	change_id bigint NOT NULL,
	contract_id bigint NOT NULL,
	contract_ident text NOT NULL,
	customer_ident text NOT NULL,
	effective_on date NOT NULL,
	takes_effect_at timestamp with time zone NOT NULL,
	status text NOT NULL,
	status_reason text,
	body jsonb NOT NULL,
	changed_by text NOT NULL,
	created_at timestamp with time zone NOT NULL,
	settled_at timestamp with time zone,
	CONSTRAINT contract_change_pkey PRIMARY KEY (tenant_id, change_id),
	CONSTRAINT contract_change_tenant_id_contract_ident_fkey FOREIGN KEY (tenant_id, contract_ident) REFERENCES contract(tenant_id, contract_ident)
)
;;
CREATE INDEX contract_change_contract_ix ON contract_change (tenant_id, contract_id, change_id)
;;
CREATE INDEX contract_change_ident_ix ON contract_change (tenant_id, contract_ident, change_id)
;;
CREATE INDEX contract_change_pending_ix ON contract_change (tenant_id, customer_ident, takes_effect_at) WHERE status = 'PENDING'::text
;;
ALTER TABLE contract_change ALTER COLUMN tenant_id SET STATISTICS 0
;;
ALTER TABLE contract_change ENABLE ROW LEVEL SECURITY
;;
ALTER TABLE contract_change FORCE ROW LEVEL SECURITY
;;
CREATE POLICY tenant ON contract_change USING (tenant_id = contor_tenant() AND tenant_id = current_setting('contor.tenant_id'::text)::bigint) WITH CHECK (tenant_id = contor_tenant() AND tenant_id = current_setting('contor.tenant_id'::text)::bigint)
;;
GRANT SELECT, INSERT ON contract_change TO contor_app
;;
GRANT UPDATE (settled_at, status, status_reason) ON contract_change TO contor_app
;;
CREATE TABLE contract_label (
	tenant_id bigint NOT NULL,
	contract_id bigint NOT NULL,
	external_ident text,
	title text,
	document_title text,
	attributes jsonb NOT NULL,
	features jsonb NOT NULL,
	last_modified_at timestamp with time zone NOT NULL,
	CONSTRAINT contract_label_pkey PRIMARY KEY (tenant_id, contract_id),
	CONSTRAINT contract_label_tenant_id_contract_id_fkey FOREIGN KEY (tenant_id, contract_id) REFERENCES contract(tenant_id, contract_id)
)
;;
CREATE UNIQUE INDEX contract_label_external_key ON contract_label (tenant_id, external_ident) WHERE external_ident IS NOT NULL
;;
ALTER TABLE contract_label ALTER COLUMN tenant_id SET STATISTICS 0
;;
ALTER TABLE contract_label ENABLE ROW LEVEL SECURITY
;;
ALTER TABLE contract_label FORCE ROW LEVEL SECURITY
;;
CREATE POLICY tenant ON contract_label USING (tenant_id = contor_tenant() AND tenant_id = current_setting('contor.tenant_id'::text)::bigint) WITH CHECK (tenant_id = contor_tenant() AND tenant_id = current_setting('contor.tenant_id'::text)::bigint)
;;
GRANT SELECT, INSERT ON contract_label TO contor_app
;;
GRANT UPDATE (attributes, document_title, external_ident, features, last_modified_at, title) ON contract_label TO contor_app
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
CREATE TABLE customer_credit (
	tenant_id bigint NOT NULL,
	id bigint NOT NULL,
	customer_ident text NOT NULL,
	currency text NOT NULL,
	amount numeric(19,4) NOT NULL,
	note text,
	document_id bigint,
	decision_ident text,
	created_at timestamp with time zone NOT NULL,
	CONSTRAINT customer_credit_pkey PRIMARY KEY (tenant_id, id)
)
;;
CREATE INDEX customer_credit_customer_ix ON customer_credit (tenant_id, customer_ident, currency, id)
;;
CREATE INDEX customer_credit_decision_ix ON customer_credit (tenant_id, decision_ident)
;;
ALTER TABLE customer_credit ALTER COLUMN tenant_id SET STATISTICS 0
;;
ALTER TABLE customer_credit SET (autovacuum_freeze_min_age=0, autovacuum_vacuum_insert_scale_factor=0, autovacuum_vacuum_insert_threshold=20000)
;;
ALTER TABLE customer_credit ENABLE ROW LEVEL SECURITY
;;
ALTER TABLE customer_credit FORCE ROW LEVEL SECURITY
;;
CREATE POLICY tenant ON customer_credit USING (tenant_id = contor_tenant() AND tenant_id = current_setting('contor.tenant_id'::text)::bigint) WITH CHECK (tenant_id = contor_tenant() AND tenant_id = current_setting('contor.tenant_id'::text)::bigint)
;;
GRANT SELECT, INSERT ON customer_credit TO contor_app
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
CREATE TABLE folder (
	tenant_id bigint NOT NULL,
	ident text NOT NULL,
	folder_id bigint NOT NULL,
	name text NOT NULL,
	parent_ident text,
	created_at timestamp with time zone NOT NULL,
	last_modified_at timestamp with time zone NOT NULL,
	CONSTRAINT folder_pkey PRIMARY KEY (tenant_id, ident),
	CONSTRAINT folder_tenant_id_parent_ident_fkey FOREIGN KEY (tenant_id, parent_ident) REFERENCES folder(tenant_id, ident)
)
;;
CREATE UNIQUE INDEX folder_id_key ON folder (tenant_id, folder_id)
;;
CREATE INDEX folder_parent_ix ON folder (tenant_id, parent_ident, ident)
;;
ALTER TABLE folder ALTER COLUMN tenant_id SET STATISTICS 0
;;
ALTER TABLE folder ENABLE ROW LEVEL SECURITY
;;
ALTER TABLE folder FORCE ROW LEVEL SECURITY
;;
CREATE POLICY tenant ON folder USING (tenant_id = contor_tenant() AND tenant_id = current_setting('contor.tenant_id'::text)::bigint) WITH CHECK (tenant_id = contor_tenant() AND tenant_id = current_setting('contor.tenant_id'::text)::bigint)
;;
GRANT SELECT, INSERT, UPDATE, DELETE ON folder TO contor_app
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
CREATE TABLE offer (
	tenant_id bigint NOT NULL,
	ident text NOT NULL,
	offer_id bigint NOT NULL,
	number text NOT NULL,
	status text NOT NULL,
	version bigint NOT NULL,
	customer_ident text NOT NULL,
	currency text NOT NULL,
	offer_date date NOT NULL,
	valid_until date,
	net numeric(19,4) NOT NULL,
	gross numeric(19,4) NOT NULL,
	content jsonb NOT NULL,
	introduction jsonb NOT NULL,
	snapshot bytea NOT NULL,
	reason text,
	sent_at timestamp with time zone,
	decided_at timestamp with time zone,
	created_at timestamp with time zone NOT NULL,
	last_modified_at timestamp with time zone NOT NULL,
	CONSTRAINT offer_pkey PRIMARY KEY (tenant_id, ident)
)
;;
CREATE INDEX offer_created_ix ON offer (tenant_id, created_at, ident)
;;
CREATE INDEX offer_customer_ix ON offer (tenant_id, customer_ident, created_at, ident)
;;
CREATE INDEX offer_date_ix ON offer (tenant_id, offer_date, ident)
;;
CREATE UNIQUE INDEX offer_id_key ON offer (tenant_id, offer_id)
;;
CREATE UNIQUE INDEX offer_number_key ON offer (tenant_id, number)
;;
CREATE INDEX offer_status_ix ON offer (tenant_id, status, created_at, ident)
;;
ALTER TABLE offer ALTER COLUMN tenant_id SET STATISTICS 0
;;
ALTER TABLE offer ENABLE ROW LEVEL SECURITY
;;
ALTER TABLE offer FORCE ROW LEVEL SECURITY
;;
CREATE POLICY tenant ON offer USING (tenant_id = contor_tenant() AND tenant_id = current_setting('contor.tenant_id'::text)::bigint) WITH CHECK (tenant_id = contor_tenant() AND tenant_id = current_setting('contor.tenant_id'::text)::bigint)
;;
GRANT SELECT, INSERT, DELETE ON offer TO contor_app
;;
GRANT UPDATE (content, currency, customer_ident, decided_at, gross, introduction, last_modified_at, net, offer_date, reason, sent_at, snapshot, status, valid_until, version) ON offer TO contor_app
;;
CREATE TABLE offer_configuration (
	tenant_id bigint NOT NULL,
	content jsonb NOT NULL,
	last_modified_at timestamp with time zone NOT NULL,
	CONSTRAINT offer_configuration_pkey PRIMARY KEY (tenant_id)
)
;;
ALTER TABLE offer_configuration ALTER COLUMN tenant_id SET STATISTICS 0
;;
ALTER TABLE offer_configuration ENABLE ROW LEVEL SECURITY
;;
ALTER TABLE offer_configuration FORCE ROW LEVEL SECURITY
;;
CREATE POLICY tenant ON offer_configuration USING (tenant_id = contor_tenant() AND tenant_id = current_setting('contor.tenant_id'::text)::bigint) WITH CHECK (tenant_id = contor_tenant() AND tenant_id = current_setting('contor.tenant_id'::text)::bigint)
;;
GRANT SELECT, INSERT, DELETE ON offer_configuration TO contor_app
;;
CREATE TABLE offer_series (
	tenant_id bigint NOT NULL,
	year integer NOT NULL,
	first_value bigint NOT NULL,
	next_value bigint NOT NULL,
	CONSTRAINT offer_series_pkey PRIMARY KEY (tenant_id, year)
)
;;
ALTER TABLE offer_series ALTER COLUMN tenant_id SET STATISTICS 0
;;
ALTER TABLE offer_series ENABLE ROW LEVEL SECURITY
;;
ALTER TABLE offer_series FORCE ROW LEVEL SECURITY
;;
CREATE POLICY tenant ON offer_series USING (tenant_id = contor_tenant() AND tenant_id = current_setting('contor.tenant_id'::text)::bigint) WITH CHECK (tenant_id = contor_tenant() AND tenant_id = current_setting('contor.tenant_id'::text)::bigint)
;;
GRANT SELECT, INSERT ON offer_series TO contor_app
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
CREATE TABLE project (
	tenant_id bigint NOT NULL,
	ident text NOT NULL,
	project_id bigint NOT NULL,
	number text,
	name text NOT NULL,
	customer_ident text NOT NULL,
	cost_center text,
	hour_price numeric(25,10),
	currency text NOT NULL,
	vat_rate numeric(19,4),
	start_date date,
	end_date date,
	created_at timestamp with time zone NOT NULL,
	last_modified_at timestamp with time zone NOT NULL,
	CONSTRAINT project_pkey PRIMARY KEY (tenant_id, ident)
)
;;
CREATE INDEX project_customer_ix ON project (tenant_id, customer_ident, ident)
;;
CREATE UNIQUE INDEX project_id_key ON project (tenant_id, project_id)
;;
CREATE INDEX project_number_ix ON project (tenant_id, number, ident)
;;
ALTER TABLE project ALTER COLUMN tenant_id SET STATISTICS 0
;;
ALTER TABLE project ENABLE ROW LEVEL SECURITY
;;
ALTER TABLE project FORCE ROW LEVEL SECURITY
;;
CREATE POLICY tenant ON project USING (tenant_id = contor_tenant() AND tenant_id = current_setting('contor.tenant_id'::text)::bigint) WITH CHECK (tenant_id = contor_tenant() AND tenant_id = current_setting('contor.tenant_id'::text)::bigint)
;;
GRANT SELECT, INSERT, UPDATE, DELETE ON project TO contor_app
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
CREATE TABLE revenue (
	tenant_id bigint NOT NULL,
	ident text NOT NULL,
	revenue_id bigint NOT NULL,
	customer_ident text NOT NULL,
	title text,
	number text,
	date date NOT NULL,
	due_date date,
	service_start date,
	service_end date,
	comment text,
	currency text NOT NULL,
	net numeric(19,4) NOT NULL,
	tax numeric(19,4) NOT NULL,
	rows jsonb NOT NULL,
	paid_on date,
	file_name text,
	media_type text,
	size bigint,
	sha256 text,
	created_at timestamp with time zone NOT NULL,
	last_modified_at timestamp with time zone NOT NULL,
	CONSTRAINT revenue_pkey PRIMARY KEY (tenant_id, ident)
)
;;
CREATE INDEX revenue_customer_ix ON revenue (tenant_id, customer_ident, ident)
;;
CREATE INDEX revenue_date_ix ON revenue (tenant_id, date, ident)
;;
CREATE INDEX revenue_due_ix ON revenue (tenant_id, due_date, ident)
;;
CREATE UNIQUE INDEX revenue_id_key ON revenue (tenant_id, revenue_id)
;;
CREATE INDEX revenue_number_ix ON revenue (tenant_id, number, ident)
;;
CREATE INDEX revenue_paid_ix ON revenue (tenant_id, paid_on, ident)
;;
ALTER TABLE revenue ALTER COLUMN tenant_id SET STATISTICS 0
;;
ALTER TABLE revenue ENABLE ROW LEVEL SECURITY
;;
ALTER TABLE revenue FORCE ROW LEVEL SECURITY
;;
CREATE POLICY tenant ON revenue USING (tenant_id = contor_tenant() AND tenant_id = current_setting('contor.tenant_id'::text)::bigint) WITH CHECK (tenant_id = contor_tenant() AND tenant_id = current_setting('contor.tenant_id'::text)::bigint)
;;
GRANT SELECT, INSERT, UPDATE, DELETE ON revenue TO contor_app
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
CREATE TABLE expense (
	tenant_id bigint NOT NULL,
	ident text NOT NULL,
	expense_id bigint NOT NULL,
	supplier text NOT NULL,
	customer_ident text,
	project_ident text,
	category text,
	number text,
	date date NOT NULL,
	due_date date,
	service_start date,
	service_end date,
	comment text,
	currency text NOT NULL,
	net numeric(19,4) NOT NULL,
	tax numeric(19,4) NOT NULL,
	rows jsonb NOT NULL,
	paid_on date,
	file_name text,
	media_type text,
	size bigint,
	sha256 text,
	created_at timestamp with time zone NOT NULL,
	last_modified_at timestamp with time zone NOT NULL,
	CONSTRAINT expense_pkey PRIMARY KEY (tenant_id, ident),
	CONSTRAINT expense_tenant_id_project_ident_fkey FOREIGN KEY (tenant_id, project_ident) REFERENCES project(tenant_id, ident)
)
;;
CREATE INDEX expense_customer_ix ON expense (tenant_id, customer_ident, ident)
;;
CREATE INDEX expense_date_ix ON expense (tenant_id, date, ident)
;;
CREATE UNIQUE INDEX expense_id_key ON expense (tenant_id, expense_id)
;;
CREATE INDEX expense_number_ix ON expense (tenant_id, number, ident)
;;
CREATE INDEX expense_paid_ix ON expense (tenant_id, paid_on, ident)
;;
CREATE INDEX expense_project_ix ON expense (tenant_id, project_ident, ident)
;;
ALTER TABLE expense ALTER COLUMN tenant_id SET STATISTICS 0
;;
ALTER TABLE expense ENABLE ROW LEVEL SECURITY
;;
ALTER TABLE expense FORCE ROW LEVEL SECURITY
;;
CREATE POLICY tenant ON expense USING (tenant_id = contor_tenant() AND tenant_id = current_setting('contor.tenant_id'::text)::bigint) WITH CHECK (tenant_id = contor_tenant() AND tenant_id = current_setting('contor.tenant_id'::text)::bigint)
;;
GRANT SELECT, INSERT, UPDATE, DELETE ON expense TO contor_app
;;
CREATE TABLE filed_paper (
	tenant_id bigint NOT NULL,
	ident text NOT NULL,
	filed_paper_id bigint NOT NULL,
	folder_ident text,
	type text NOT NULL,
	title text NOT NULL,
	date date NOT NULL,
	note text,
	file_name text,
	media_type text,
	size bigint,
	sha256 text,
	created_at timestamp with time zone NOT NULL,
	last_modified_at timestamp with time zone NOT NULL,
	CONSTRAINT filed_paper_pkey PRIMARY KEY (tenant_id, ident),
	CONSTRAINT filed_paper_tenant_id_folder_ident_fkey FOREIGN KEY (tenant_id, folder_ident) REFERENCES folder(tenant_id, ident)
)
;;
CREATE INDEX filed_paper_date_ix ON filed_paper (tenant_id, date, ident)
;;
CREATE INDEX filed_paper_folder_ix ON filed_paper (tenant_id, folder_ident, date, ident)
;;
CREATE UNIQUE INDEX filed_paper_id_key ON filed_paper (tenant_id, filed_paper_id)
;;
ALTER TABLE filed_paper ALTER COLUMN tenant_id SET STATISTICS 0
;;
ALTER TABLE filed_paper ENABLE ROW LEVEL SECURITY
;;
ALTER TABLE filed_paper FORCE ROW LEVEL SECURITY
;;
CREATE POLICY tenant ON filed_paper USING (tenant_id = contor_tenant() AND tenant_id = current_setting('contor.tenant_id'::text)::bigint) WITH CHECK (tenant_id = contor_tenant() AND tenant_id = current_setting('contor.tenant_id'::text)::bigint)
;;
GRANT SELECT, INSERT, UPDATE, DELETE ON filed_paper TO contor_app
;;
CREATE TABLE offer_draft (
	tenant_id bigint NOT NULL,
	offer_id bigint NOT NULL,
	draft_id bigint NOT NULL,
	draft_ident text NOT NULL,
	created_at timestamp with time zone NOT NULL,
	CONSTRAINT offer_draft_pkey PRIMARY KEY (tenant_id, offer_id, draft_id),
	CONSTRAINT offer_draft_tenant_id_offer_id_fkey FOREIGN KEY (tenant_id, offer_id) REFERENCES offer(tenant_id, offer_id)
)
;;
CREATE UNIQUE INDEX offer_draft_draft_key ON offer_draft (tenant_id, draft_id)
;;
ALTER TABLE offer_draft ALTER COLUMN tenant_id SET STATISTICS 0
;;
ALTER TABLE offer_draft ENABLE ROW LEVEL SECURITY
;;
ALTER TABLE offer_draft FORCE ROW LEVEL SECURITY
;;
CREATE POLICY tenant ON offer_draft USING (tenant_id = contor_tenant() AND tenant_id = current_setting('contor.tenant_id'::text)::bigint) WITH CHECK (tenant_id = contor_tenant() AND tenant_id = current_setting('contor.tenant_id'::text)::bigint)
;;
GRANT SELECT, INSERT, DELETE ON offer_draft TO contor_app
;;
CREATE TABLE project_task (
	tenant_id bigint NOT NULL,
	project_ident text NOT NULL,
	ident text NOT NULL,
	task_id bigint NOT NULL,
	number text,
	name text NOT NULL,
	description text,
	status text NOT NULL,
	priority text NOT NULL,
	hour_price numeric(25,10),
	vat_rate numeric(19,4),
	created_at timestamp with time zone NOT NULL,
	last_modified_at timestamp with time zone NOT NULL,
	CONSTRAINT project_task_pkey PRIMARY KEY (tenant_id, project_ident, ident),
	CONSTRAINT project_task_tenant_id_project_ident_fkey FOREIGN KEY (tenant_id, project_ident) REFERENCES project(tenant_id, ident)
)
;;
CREATE UNIQUE INDEX project_task_id_key ON project_task (tenant_id, task_id)
;;
ALTER TABLE project_task ALTER COLUMN tenant_id SET STATISTICS 0
;;
ALTER TABLE project_task ENABLE ROW LEVEL SECURITY
;;
ALTER TABLE project_task FORCE ROW LEVEL SECURITY
;;
CREATE POLICY tenant ON project_task USING (tenant_id = contor_tenant() AND tenant_id = current_setting('contor.tenant_id'::text)::bigint) WITH CHECK (tenant_id = contor_tenant() AND tenant_id = current_setting('contor.tenant_id'::text)::bigint)
;;
GRANT SELECT, INSERT, UPDATE, DELETE ON project_task TO contor_app
;;
CREATE TABLE inbox_item (
	tenant_id bigint NOT NULL,
	ident text NOT NULL,
	inbox_item_id bigint NOT NULL,
	status text NOT NULL,
	file_name text NOT NULL,
	media_type text NOT NULL,
	size bigint NOT NULL,
	sha256 text NOT NULL,
	form text,
	proposal jsonb,
	findings jsonb NOT NULL,
	expense_ident text,
	reason text,
	received_at timestamp with time zone NOT NULL,
	read_at timestamp with time zone,
	CONSTRAINT inbox_item_pkey PRIMARY KEY (tenant_id, ident),
	CONSTRAINT inbox_item_tenant_id_expense_ident_fkey FOREIGN KEY (tenant_id, expense_ident) REFERENCES expense(tenant_id, ident)
)
;;
CREATE INDEX inbox_item_expense_ix ON inbox_item (tenant_id, expense_ident) WHERE expense_ident IS NOT NULL
;;
CREATE INDEX inbox_item_file_ix ON inbox_item (tenant_id, sha256)
;;
CREATE UNIQUE INDEX inbox_item_id_key ON inbox_item (tenant_id, inbox_item_id)
;;
CREATE INDEX inbox_item_received_ix ON inbox_item (tenant_id, received_at, ident)
;;
CREATE INDEX inbox_item_status_ix ON inbox_item (tenant_id, status, received_at, ident)
;;
ALTER TABLE inbox_item ALTER COLUMN tenant_id SET STATISTICS 0
;;
ALTER TABLE inbox_item ENABLE ROW LEVEL SECURITY
;;
ALTER TABLE inbox_item FORCE ROW LEVEL SECURITY
;;
CREATE POLICY tenant ON inbox_item USING (tenant_id = contor_tenant() AND tenant_id = current_setting('contor.tenant_id'::text)::bigint) WITH CHECK (tenant_id = contor_tenant() AND tenant_id = current_setting('contor.tenant_id'::text)::bigint)
;;
GRANT SELECT, INSERT ON inbox_item TO contor_app
;;
GRANT UPDATE (expense_ident, findings, form, proposal, read_at, reason, status) ON inbox_item TO contor_app
;;
CREATE TABLE project_time (
	tenant_id bigint NOT NULL,
	ident text NOT NULL,
	time_id bigint NOT NULL,
	project_ident text NOT NULL,
	task_ident text,
	customer_ident text NOT NULL,
	date date NOT NULL,
	started_at timestamp with time zone,
	ended_at timestamp with time zone,
	minutes bigint NOT NULL,
	billable_minutes bigint NOT NULL,
	comment text,
	article_number text,
	draft_id bigint,
	row_ident text,
	document_id bigint,
	created_at timestamp with time zone NOT NULL,
	last_modified_at timestamp with time zone NOT NULL,
	CONSTRAINT project_time_pkey PRIMARY KEY (tenant_id, ident),
	CONSTRAINT project_time_tenant_id_project_ident_fkey FOREIGN KEY (tenant_id, project_ident) REFERENCES project(tenant_id, ident),
	CONSTRAINT project_time_tenant_id_project_ident_task_ident_fkey FOREIGN KEY (tenant_id, project_ident, task_ident) REFERENCES project_task(tenant_id, project_ident, ident)
)
;;
CREATE INDEX project_time_customer_ix ON project_time (tenant_id, customer_ident, date, time_id)
;;
CREATE INDEX project_time_date_ix ON project_time (tenant_id, date, ident)
;;
CREATE INDEX project_time_document_ix ON project_time (tenant_id, document_id) WHERE document_id IS NOT NULL
;;
CREATE INDEX project_time_draft_ix ON project_time (tenant_id, draft_id) WHERE draft_id IS NOT NULL
;;
CREATE UNIQUE INDEX project_time_id_key ON project_time (tenant_id, time_id)
;;
CREATE INDEX project_time_project_ix ON project_time (tenant_id, project_ident, date, time_id)
;;
ALTER TABLE project_time ALTER COLUMN tenant_id SET STATISTICS 0
;;
ALTER TABLE project_time ENABLE ROW LEVEL SECURITY
;;
ALTER TABLE project_time FORCE ROW LEVEL SECURITY
;;
CREATE POLICY tenant ON project_time USING (tenant_id = contor_tenant() AND tenant_id = current_setting('contor.tenant_id'::text)::bigint) WITH CHECK (tenant_id = contor_tenant() AND tenant_id = current_setting('contor.tenant_id'::text)::bigint)
;;
GRANT SELECT, INSERT, UPDATE, DELETE ON project_time TO contor_app
;;
ALTER TABLE address ADD COLUMN contact jsonb
;;
ALTER TABLE address ADD COLUMN deleted_at timestamp with time zone
;;
GRANT DELETE ON address TO contor_app
;;
ALTER TABLE billing_group ADD COLUMN carry_credits boolean DEFAULT false NOT NULL
;;
ALTER TABLE contract_allowance ADD COLUMN amount_on text DEFAULT 'SUM'::text NOT NULL
;;
ALTER TABLE contract_allowance ADD COLUMN intervals bigint
;;
ALTER TABLE contract_allowance ADD COLUMN redemption_id bigint
;;
ALTER TABLE contract_allowance ADD COLUMN coupon_code text
;;
ALTER TABLE customer ADD COLUMN external_id text
;;
ALTER TABLE customer ADD COLUMN profile jsonb
;;
ALTER TABLE customer ADD COLUMN payment_terms jsonb
;;
ALTER TABLE customer ADD COLUMN invoice_delivery text
;;
ALTER TABLE customer ADD COLUMN deleted_at timestamp with time zone
;;
GRANT DELETE ON customer TO contor_app
;;
ALTER TABLE directory.environment ADD COLUMN request_plan text DEFAULT 'AUTOMATIC'::text NOT NULL
;;
GRANT UPDATE (request_plan) ON directory.environment TO contor_app
;;
ALTER TABLE directory.organization ADD COLUMN email text
;;
ALTER TABLE draft ADD COLUMN external_ident text
;;
ALTER TABLE draft ADD COLUMN title text
;;
ALTER TABLE draft ADD COLUMN project_ident text
;;
-- By hand: the columns repeat what drafts say (not what others call them: what was written before is not told apart by that); the owner
-- too sees one tenant's rows at a time
DO $$ DECLARE tenant bigint; BEGIN
  FOR tenant IN SELECT id FROM directory.environment LOOP
    PERFORM set_config('contor.tenant_id', tenant::text, true);
    UPDATE draft SET
      title = (SELECT nullif(p.value ->> 'value', '') FROM jsonb_array_elements(content -> 'properties') WITH ORDINALITY AS p(value, n)
        WHERE p.value ->> 'key' = 'title' ORDER BY n LIMIT 1),
      project_ident = (SELECT nullif(p.value ->> 'value', '') FROM jsonb_array_elements(content -> 'properties') WITH ORDINALITY AS p(value, n)
        WHERE p.value ->> 'key' = 'projectIdent' ORDER BY n LIMIT 1)
      WHERE jsonb_typeof(content -> 'properties') = 'array';
  END LOOP;
  PERFORM set_config('contor.tenant_id', '', true);
END $$
;;
ALTER TABLE draft ADD COLUMN last_modified_by text
;;
ALTER TABLE draft ADD COLUMN approved_by text
;;
ALTER TABLE draft ADD COLUMN approved_at timestamp with time zone
;;
GRANT UPDATE (approved_at, approved_by, external_ident, last_modified_by, project_ident, title) ON draft TO contor_app
;;
ALTER TABLE mail ADD COLUMN own jsonb
;;
ALTER TABLE notification_delivery ADD COLUMN body text
;;
GRANT UPDATE (body) ON notification_delivery TO contor_app
;;
ALTER TABLE notification_route ADD COLUMN id bigint
;;
ALTER TABLE notification_route ADD CONSTRAINT notification_route_id_filled CHECK (id IS NOT NULL) NOT VALID
;;
ALTER TABLE notification_route ADD COLUMN user_name text
;;
ALTER TABLE notification_route ADD COLUMN password text
;;
ALTER TABLE tenant_setting ADD COLUMN trial_notice_days integer DEFAULT 3 NOT NULL
;;
ALTER TABLE tenant_setting ADD COLUMN draft_approval text DEFAULT 'NONE'::text NOT NULL
;; autocommit
CREATE INDEX CONCURRENTLY IF NOT EXISTS address_city_ix ON address (tenant_id, lower(city))
;;
CREATE UNIQUE INDEX CONCURRENTLY IF NOT EXISTS address_id_key ON address (tenant_id, id)
;;
CREATE INDEX CONCURRENTLY IF NOT EXISTS customer_debtor_account_ix ON customer (tenant_id, debtor_account)
;;
CREATE UNIQUE INDEX CONCURRENTLY IF NOT EXISTS customer_external_id_key ON customer (tenant_id, external_id) WHERE external_id IS NOT NULL
;;
CREATE INDEX CONCURRENTLY IF NOT EXISTS document_of_no_draft_ix ON document (tenant_id, id) WHERE request_id IS NULL OR "left"(request_id, 6) <> 'draft~'::text
;;
CREATE UNIQUE INDEX CONCURRENTLY IF NOT EXISTS draft_external_key ON draft (tenant_id, external_ident) WHERE external_ident IS NOT NULL
;;
CREATE INDEX CONCURRENTLY IF NOT EXISTS draft_open_ix ON draft (tenant_id, id) WHERE document_id IS NULL
;;
CREATE INDEX CONCURRENTLY IF NOT EXISTS draft_project_ix ON draft (tenant_id, project_ident, id) WHERE project_ident IS NOT NULL
;;
CREATE INDEX CONCURRENTLY IF NOT EXISTS draft_title_ix ON draft (tenant_id, title, id) WHERE title IS NOT NULL
;;
-- By hand: every route that is there gets its number
DO $$ DECLARE tenant bigint; BEGIN FOR tenant IN SELECT id FROM directory.environment LOOP
  PERFORM set_config('contor.tenant_id', tenant::text, true);
  UPDATE notification_route SET id = nextval('contor_id') WHERE id IS NULL;
END LOOP; END $$
;;
ALTER TABLE notification_route VALIDATE CONSTRAINT notification_route_id_filled
;;
CREATE UNIQUE INDEX CONCURRENTLY IF NOT EXISTS notification_route_id_key ON notification_route (tenant_id, id)
;;
CREATE INDEX CONCURRENTLY IF NOT EXISTS opos_movement_booked_ix ON opos_movement (tenant_id, booked_on, document_id)
;;
CREATE INDEX CONCURRENTLY IF NOT EXISTS opos_movement_created_ix ON opos_movement (tenant_id, created_at, document_id)
;; transaction
SET LOCAL lock_timeout = '3s'
;;
ALTER TABLE customer_credit ADD CONSTRAINT customer_credit_tenant_id_customer_ident_fkey FOREIGN KEY (tenant_id, customer_ident) REFERENCES customer(tenant_id, customer_ident) NOT VALID
;;
ALTER TABLE offer ADD CONSTRAINT offer_tenant_id_customer_ident_fkey FOREIGN KEY (tenant_id, customer_ident) REFERENCES customer(tenant_id, customer_ident) NOT VALID
;;
ALTER TABLE project ADD CONSTRAINT project_tenant_id_customer_ident_fkey FOREIGN KEY (tenant_id, customer_ident) REFERENCES customer(tenant_id, customer_ident) NOT VALID
;;
ALTER TABLE revenue ADD CONSTRAINT revenue_tenant_id_customer_ident_fkey FOREIGN KEY (tenant_id, customer_ident) REFERENCES customer(tenant_id, customer_ident) NOT VALID
;;
ALTER TABLE expense ADD CONSTRAINT expense_tenant_id_customer_ident_fkey FOREIGN KEY (tenant_id, customer_ident) REFERENCES customer(tenant_id, customer_ident) NOT VALID
;;
ALTER TABLE notification_route ALTER COLUMN id SET NOT NULL
;;
ALTER TABLE notification_route DROP CONSTRAINT notification_route_id_filled
;; autocommit
DO $$ DECLARE tenant bigint; BEGIN
  -- The owner too sees one tenant's rows at a time. Each try is undone, so that the constraint is valid when all were asked.
  FOR tenant IN SELECT id FROM directory.environment WHERE row_security_active('customer_credit') LOOP
    BEGIN
      PERFORM set_config('contor.tenant_id', tenant::text, true);
      ALTER TABLE customer_credit VALIDATE CONSTRAINT customer_credit_tenant_id_customer_ident_fkey;
      RAISE SQLSTATE 'CT001';
    EXCEPTION WHEN SQLSTATE 'CT001' THEN NULL;
    END;
  END LOOP;
  PERFORM set_config('contor.tenant_id', '0', true);
  ALTER TABLE customer_credit VALIDATE CONSTRAINT customer_credit_tenant_id_customer_ident_fkey;
END $$
;;
DO $$ DECLARE tenant bigint; BEGIN
  -- The owner too sees one tenant's rows at a time. Each try is undone, so that the constraint is valid when all were asked.
  FOR tenant IN SELECT id FROM directory.environment WHERE row_security_active('offer') LOOP
    BEGIN
      PERFORM set_config('contor.tenant_id', tenant::text, true);
      ALTER TABLE offer VALIDATE CONSTRAINT offer_tenant_id_customer_ident_fkey;
      RAISE SQLSTATE 'CT001';
    EXCEPTION WHEN SQLSTATE 'CT001' THEN NULL;
    END;
  END LOOP;
  PERFORM set_config('contor.tenant_id', '0', true);
  ALTER TABLE offer VALIDATE CONSTRAINT offer_tenant_id_customer_ident_fkey;
END $$
;;
DO $$ DECLARE tenant bigint; BEGIN
  -- The owner too sees one tenant's rows at a time. Each try is undone, so that the constraint is valid when all were asked.
  FOR tenant IN SELECT id FROM directory.environment WHERE row_security_active('project') LOOP
    BEGIN
      PERFORM set_config('contor.tenant_id', tenant::text, true);
      ALTER TABLE project VALIDATE CONSTRAINT project_tenant_id_customer_ident_fkey;
      RAISE SQLSTATE 'CT001';
    EXCEPTION WHEN SQLSTATE 'CT001' THEN NULL;
    END;
  END LOOP;
  PERFORM set_config('contor.tenant_id', '0', true);
  ALTER TABLE project VALIDATE CONSTRAINT project_tenant_id_customer_ident_fkey;
END $$
;;
DO $$ DECLARE tenant bigint; BEGIN
  -- The owner too sees one tenant's rows at a time. Each try is undone, so that the constraint is valid when all were asked.
  FOR tenant IN SELECT id FROM directory.environment WHERE row_security_active('revenue') LOOP
    BEGIN
      PERFORM set_config('contor.tenant_id', tenant::text, true);
      ALTER TABLE revenue VALIDATE CONSTRAINT revenue_tenant_id_customer_ident_fkey;
      RAISE SQLSTATE 'CT001';
    EXCEPTION WHEN SQLSTATE 'CT001' THEN NULL;
    END;
  END LOOP;
  PERFORM set_config('contor.tenant_id', '0', true);
  ALTER TABLE revenue VALIDATE CONSTRAINT revenue_tenant_id_customer_ident_fkey;
END $$
;;
DO $$ DECLARE tenant bigint; BEGIN
  -- The owner too sees one tenant's rows at a time. Each try is undone, so that the constraint is valid when all were asked.
  FOR tenant IN SELECT id FROM directory.environment WHERE row_security_active('expense') LOOP
    BEGIN
      PERFORM set_config('contor.tenant_id', tenant::text, true);
      ALTER TABLE expense VALIDATE CONSTRAINT expense_tenant_id_customer_ident_fkey;
      RAISE SQLSTATE 'CT001';
    EXCEPTION WHEN SQLSTATE 'CT001' THEN NULL;
    END;
  END LOOP;
  PERFORM set_config('contor.tenant_id', '0', true);
  ALTER TABLE expense VALIDATE CONSTRAINT expense_tenant_id_customer_ident_fkey;
END $$

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
	CONSTRAINT offer_pkey PRIMARY KEY (tenant_id, ident),
	CONSTRAINT offer_tenant_id_customer_ident_fkey FOREIGN KEY (tenant_id, customer_ident) REFERENCES customer(tenant_id, customer_ident)
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
	CONSTRAINT project_pkey PRIMARY KEY (tenant_id, ident),
	CONSTRAINT project_tenant_id_customer_ident_fkey FOREIGN KEY (tenant_id, customer_ident) REFERENCES customer(tenant_id, customer_ident)
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
	CONSTRAINT revenue_pkey PRIMARY KEY (tenant_id, ident),
	CONSTRAINT revenue_tenant_id_customer_ident_fkey FOREIGN KEY (tenant_id, customer_ident) REFERENCES customer(tenant_id, customer_ident)
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
	CONSTRAINT expense_tenant_id_customer_ident_fkey FOREIGN KEY (tenant_id, customer_ident) REFERENCES customer(tenant_id, customer_ident),
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

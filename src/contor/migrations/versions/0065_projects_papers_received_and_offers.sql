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
CREATE TABLE offer (
	tenant_id bigint NOT NULL,
	ident text NOT NULL,
	offer_id bigint NOT NULL,
	number text NOT NULL,
	state text NOT NULL,
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
CREATE INDEX offer_state_ix ON offer (tenant_id, state, created_at, ident)
;;
ALTER TABLE offer ALTER COLUMN tenant_id SET STATISTICS 0
;;
ALTER TABLE offer ENABLE ROW LEVEL SECURITY
;;
ALTER TABLE offer FORCE ROW LEVEL SECURITY
;;
CREATE POLICY tenant ON offer USING (tenant_id = contor_tenant() AND tenant_id = current_setting('contor.tenant_id'::text)::bigint) WITH CHECK (tenant_id = contor_tenant() AND tenant_id = current_setting('contor.tenant_id'::text)::bigint)
;;
GRANT SELECT, INSERT, UPDATE, DELETE ON offer TO contor_app
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
GRANT SELECT, INSERT, UPDATE, DELETE ON offer_configuration TO contor_app
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

;; transaction
SET LOCAL lock_timeout = '3s'
;;
CREATE TABLE datev_configuration (
	tenant_id bigint NOT NULL,
	consultant_number integer NOT NULL,
	client_number integer NOT NULL,
	account_length integer NOT NULL,
	fiscal_year_start_month integer NOT NULL,
	initials text,
	last_modified_at timestamp with time zone NOT NULL,
	CONSTRAINT datev_configuration_pkey PRIMARY KEY (tenant_id)
)
;;
ALTER TABLE datev_configuration ALTER COLUMN tenant_id SET STATISTICS 0
;;
ALTER TABLE datev_configuration ENABLE ROW LEVEL SECURITY
;;
ALTER TABLE datev_configuration FORCE ROW LEVEL SECURITY
;;
CREATE POLICY tenant ON datev_configuration USING (tenant_id = contor_tenant() AND tenant_id = current_setting('contor.tenant_id'::text)::bigint) WITH CHECK (tenant_id = contor_tenant() AND tenant_id = current_setting('contor.tenant_id'::text)::bigint)
;;
GRANT SELECT, INSERT, UPDATE, DELETE ON datev_configuration TO contor_app
;;
CREATE TABLE export (
	tenant_id bigint NOT NULL,
	ident text NOT NULL,
	id bigint NOT NULL,
	kind text NOT NULL,
	first_day date NOT NULL,
	last_day date NOT NULL,
	options jsonb NOT NULL,
	snapshot jsonb NOT NULL,
	status text NOT NULL,
	attempts integer DEFAULT 0 NOT NULL,
	reasons jsonb NOT NULL,
	done bigint DEFAULT 0 NOT NULL,
	total bigint,
	rows bigint,
	sha256 text,
	left_out jsonb NOT NULL,
	requested_by text NOT NULL,
	created_at timestamp with time zone NOT NULL,
	started_at timestamp with time zone,
	completed_at timestamp with time zone,
	repeated_at timestamp with time zone,
	CONSTRAINT export_pkey PRIMARY KEY (tenant_id, ident)
)
;;
CREATE INDEX export_created_ix ON export (tenant_id, created_at, id)
;;
CREATE UNIQUE INDEX export_id_key ON export (tenant_id, id)
;;
CREATE INDEX export_kind_ix ON export (tenant_id, kind, created_at, id)
;;
CREATE INDEX export_open_ix ON export (tenant_id, id) WHERE status = ANY (ARRAY['QUEUED'::text, 'RUNNING'::text])
;;
ALTER TABLE export ALTER COLUMN tenant_id SET STATISTICS 0
;;
ALTER TABLE export ENABLE ROW LEVEL SECURITY
;;
ALTER TABLE export FORCE ROW LEVEL SECURITY
;;
CREATE POLICY tenant ON export USING (tenant_id = contor_tenant() AND tenant_id = current_setting('contor.tenant_id'::text)::bigint) WITH CHECK (tenant_id = contor_tenant() AND tenant_id = current_setting('contor.tenant_id'::text)::bigint)
;;
GRANT SELECT, INSERT, DELETE ON export TO contor_app
;;
GRANT UPDATE (attempts, completed_at, done, left_out, reasons, repeated_at, rows, sha256, started_at, status, total) ON export TO contor_app
;;
CREATE TABLE export_file (
	tenant_id bigint NOT NULL,
	export_ident text NOT NULL,
	name text NOT NULL,
	"position" integer NOT NULL,
	media_type text NOT NULL,
	size bigint NOT NULL,
	sha256 text NOT NULL,
	rows bigint NOT NULL,
	CONSTRAINT export_file_pkey PRIMARY KEY (tenant_id, export_ident, name),
	CONSTRAINT export_file_tenant_id_export_ident_fkey FOREIGN KEY (tenant_id, export_ident) REFERENCES export(tenant_id, ident) ON DELETE CASCADE
)
;;
ALTER TABLE export_file ALTER COLUMN tenant_id SET STATISTICS 0
;;
ALTER TABLE export_file ENABLE ROW LEVEL SECURITY
;;
ALTER TABLE export_file FORCE ROW LEVEL SECURITY
;;
CREATE POLICY tenant ON export_file USING (tenant_id = contor_tenant() AND tenant_id = current_setting('contor.tenant_id'::text)::bigint) WITH CHECK (tenant_id = contor_tenant() AND tenant_id = current_setting('contor.tenant_id'::text)::bigint)
;;
GRANT SELECT, INSERT, DELETE ON export_file TO contor_app

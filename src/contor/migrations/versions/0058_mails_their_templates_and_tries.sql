;; transaction
SET LOCAL lock_timeout = '3s'
;;
CREATE TABLE mail (
	tenant_id bigint NOT NULL,
	ident text NOT NULL,
	kind text NOT NULL,
	about text NOT NULL,
	recipient text NOT NULL,
	recipient_name text,
	language text NOT NULL,
	document_ident text,
	customer_ident text,
	facts jsonb NOT NULL,
	files jsonb NOT NULL,
	status text NOT NULL,
	reason text,
	subject text,
	delivered_to text,
	message_id text,
	tries integer NOT NULL,
	resends integer NOT NULL,
	first_try_at timestamp with time zone,
	due_at timestamp with time zone NOT NULL,
	holder text,
	held_until timestamp with time zone,
	is_ending boolean NOT NULL,
	sent_at timestamp with time zone,
	created_at timestamp with time zone NOT NULL,
	last_modified_at timestamp with time zone NOT NULL,
	CONSTRAINT mail_pkey PRIMARY KEY (tenant_id, ident)
)
;;
CREATE INDEX mail_created_ix ON mail (tenant_id, created_at)
;;
CREATE INDEX mail_customer_ix ON mail (tenant_id, customer_ident)
;;
CREATE INDEX mail_document_ix ON mail (tenant_id, document_ident)
;;
CREATE INDEX mail_due_ix ON mail (tenant_id, due_at) WHERE status = 'WAITING'::text
;;
CREATE INDEX mail_held_ix ON mail (tenant_id, held_until) WHERE status = 'SENDING'::text
;;
CREATE INDEX mail_kind_ix ON mail (tenant_id, kind, created_at)
;;
CREATE UNIQUE INDEX mail_once_key ON mail (tenant_id, about, kind, lower(recipient))
;;
CREATE INDEX mail_recipient_ix ON mail (tenant_id, recipient)
;;
CREATE INDEX mail_sent_ix ON mail (tenant_id, sent_at)
;;
CREATE INDEX mail_status_ix ON mail (tenant_id, status, created_at)
;;
ALTER TABLE mail ALTER COLUMN tenant_id SET STATISTICS 0
;;
ALTER TABLE mail ENABLE ROW LEVEL SECURITY
;;
ALTER TABLE mail FORCE ROW LEVEL SECURITY
;;
CREATE POLICY tenant ON mail USING (tenant_id = contor_tenant() AND tenant_id = current_setting('contor.tenant_id'::text)::bigint) WITH CHECK (tenant_id = contor_tenant() AND tenant_id = current_setting('contor.tenant_id'::text)::bigint)
;;
GRANT SELECT, INSERT, UPDATE ON mail TO contor_app
;;
CREATE TABLE mail_attempt (
	tenant_id bigint NOT NULL,
	mail_ident text NOT NULL,
	id bigint NOT NULL,
	at timestamp with time zone NOT NULL,
	outcome text NOT NULL,
	code integer,
	answer text NOT NULL,
	CONSTRAINT mail_attempt_pkey PRIMARY KEY (tenant_id, mail_ident, id)
)
;;
CREATE INDEX mail_attempt_at_ix ON mail_attempt (tenant_id, at)
;;
ALTER TABLE mail_attempt ALTER COLUMN tenant_id SET STATISTICS 0
;;
ALTER TABLE mail_attempt SET (autovacuum_freeze_min_age=0, autovacuum_vacuum_insert_scale_factor=0, autovacuum_vacuum_insert_threshold=20000)
;;
ALTER TABLE mail_attempt ENABLE ROW LEVEL SECURITY
;;
ALTER TABLE mail_attempt FORCE ROW LEVEL SECURITY
;;
CREATE POLICY tenant ON mail_attempt USING (tenant_id = contor_tenant() AND tenant_id = current_setting('contor.tenant_id'::text)::bigint) WITH CHECK (tenant_id = contor_tenant() AND tenant_id = current_setting('contor.tenant_id'::text)::bigint)
;;
GRANT SELECT, INSERT ON mail_attempt TO contor_app
;;
CREATE TABLE mail_configuration (
	tenant_id bigint NOT NULL,
	content jsonb NOT NULL,
	password text,
	last_modified_at timestamp with time zone NOT NULL,
	CONSTRAINT mail_configuration_pkey PRIMARY KEY (tenant_id)
)
;;
ALTER TABLE mail_configuration ALTER COLUMN tenant_id SET STATISTICS 0
;;
ALTER TABLE mail_configuration ENABLE ROW LEVEL SECURITY
;;
ALTER TABLE mail_configuration FORCE ROW LEVEL SECURITY
;;
CREATE POLICY tenant ON mail_configuration USING (tenant_id = contor_tenant() AND tenant_id = current_setting('contor.tenant_id'::text)::bigint) WITH CHECK (tenant_id = contor_tenant() AND tenant_id = current_setting('contor.tenant_id'::text)::bigint)
;;
GRANT SELECT, INSERT, UPDATE, DELETE ON mail_configuration TO contor_app
;;
CREATE TABLE mail_template (
	tenant_id bigint NOT NULL,
	ident text NOT NULL,
	kind text NOT NULL,
	language text NOT NULL,
	subject text NOT NULL,
	text text NOT NULL,
	html text,
	created_at timestamp with time zone NOT NULL,
	last_modified_at timestamp with time zone NOT NULL,
	CONSTRAINT mail_template_pkey PRIMARY KEY (tenant_id, ident)
)
;;
CREATE UNIQUE INDEX mail_template_kind_key ON mail_template (tenant_id, kind, lower(language))
;;
ALTER TABLE mail_template ALTER COLUMN tenant_id SET STATISTICS 0
;;
ALTER TABLE mail_template ENABLE ROW LEVEL SECURITY
;;
ALTER TABLE mail_template FORCE ROW LEVEL SECURITY
;;
CREATE POLICY tenant ON mail_template USING (tenant_id = contor_tenant() AND tenant_id = current_setting('contor.tenant_id'::text)::bigint) WITH CHECK (tenant_id = contor_tenant() AND tenant_id = current_setting('contor.tenant_id'::text)::bigint)
;;
GRANT SELECT, INSERT, UPDATE, DELETE ON mail_template TO contor_app

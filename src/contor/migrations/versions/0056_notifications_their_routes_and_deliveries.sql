;; transaction
SET LOCAL lock_timeout = '3s'
;;
SET LOCAL check_function_bodies = off
;;
CREATE OR REPLACE FUNCTION public.contor_draw_notification_counter(bigint, bigint)
 RETURNS bigint
 LANGUAGE sql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog'
AS $function$ INSERT INTO public.notification_counter AS c (tenant_id, next_sequence) SELECT public.contor_tenant(), $1 + $2 WHERE $2 > 0 ON CONFLICT (tenant_id) DO UPDATE SET next_sequence = c.next_sequence + $2 RETURNING next_sequence - $2 $function$;
REVOKE ALL ON FUNCTION contor_draw_notification_counter(bigint,bigint) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION contor_draw_notification_counter(bigint,bigint) TO contor_app
;;
CREATE TABLE notification (
	tenant_id bigint NOT NULL,
	sequence bigint NOT NULL,
	ident text NOT NULL,
	type text NOT NULL,
	subject text NOT NULL,
	payload text NOT NULL,
	created_at timestamp with time zone NOT NULL,
	recorded_at timestamp with time zone NOT NULL,
	CONSTRAINT notification_pkey PRIMARY KEY (tenant_id, sequence)
)
;;
CREATE UNIQUE INDEX notification_ident_key ON notification (tenant_id, ident)
;;
CREATE INDEX notification_recorded_ix ON notification (tenant_id, recorded_at)
;;
CREATE INDEX notification_subject_ix ON notification (tenant_id, subject, sequence)
;;
CREATE INDEX notification_type_ix ON notification (tenant_id, type, sequence)
;;
ALTER TABLE notification ALTER COLUMN tenant_id SET STATISTICS 0
;;
ALTER TABLE notification ENABLE ROW LEVEL SECURITY
;;
ALTER TABLE notification FORCE ROW LEVEL SECURITY
;;
CREATE POLICY tenant ON notification USING (tenant_id = contor_tenant() AND tenant_id = current_setting('contor.tenant_id'::text)::bigint) WITH CHECK (tenant_id = contor_tenant() AND tenant_id = current_setting('contor.tenant_id'::text)::bigint)
;;
GRANT SELECT, INSERT, DELETE ON notification TO contor_app
;;
CREATE TABLE notification_attempt (
	tenant_id bigint NOT NULL,
	sequence bigint NOT NULL,
	id bigint NOT NULL,
	route_ident text NOT NULL,
	url text NOT NULL,
	at timestamp with time zone NOT NULL,
	milliseconds integer NOT NULL,
	http_status integer,
	failure text,
	answer text,
	CONSTRAINT notification_attempt_pkey PRIMARY KEY (tenant_id, sequence, id)
)
;;
CREATE INDEX notification_attempt_at_ix ON notification_attempt (tenant_id, at)
;;
ALTER TABLE notification_attempt ALTER COLUMN tenant_id SET STATISTICS 0
;;
ALTER TABLE notification_attempt ENABLE ROW LEVEL SECURITY
;;
ALTER TABLE notification_attempt FORCE ROW LEVEL SECURITY
;;
CREATE POLICY tenant ON notification_attempt USING (tenant_id = contor_tenant() AND tenant_id = current_setting('contor.tenant_id'::text)::bigint) WITH CHECK (tenant_id = contor_tenant() AND tenant_id = current_setting('contor.tenant_id'::text)::bigint)
;;
GRANT SELECT, INSERT, DELETE ON notification_attempt TO contor_app
;;
CREATE TABLE notification_configuration (
	tenant_id bigint NOT NULL,
	since bigint NOT NULL,
	created_at timestamp with time zone NOT NULL,
	CONSTRAINT notification_configuration_pkey PRIMARY KEY (tenant_id)
)
;;
ALTER TABLE notification_configuration ALTER COLUMN tenant_id SET STATISTICS 0
;;
ALTER TABLE notification_configuration ENABLE ROW LEVEL SECURITY
;;
ALTER TABLE notification_configuration FORCE ROW LEVEL SECURITY
;;
CREATE POLICY tenant ON notification_configuration USING (tenant_id = contor_tenant() AND tenant_id = current_setting('contor.tenant_id'::text)::bigint) WITH CHECK (tenant_id = contor_tenant() AND tenant_id = current_setting('contor.tenant_id'::text)::bigint)
;;
GRANT SELECT, INSERT, DELETE ON notification_configuration TO contor_app
;;
CREATE TABLE notification_counter (
	tenant_id bigint NOT NULL,
	next_sequence bigint NOT NULL,
	CONSTRAINT notification_counter_pkey PRIMARY KEY (tenant_id)
)
;;
ALTER TABLE notification_counter ALTER COLUMN tenant_id SET STATISTICS 0
;;
ALTER TABLE notification_counter ENABLE ROW LEVEL SECURITY
;;
ALTER TABLE notification_counter FORCE ROW LEVEL SECURITY
;;
CREATE POLICY tenant ON notification_counter USING (tenant_id = contor_tenant() AND tenant_id = current_setting('contor.tenant_id'::text)::bigint) WITH CHECK (tenant_id = contor_tenant() AND tenant_id = current_setting('contor.tenant_id'::text)::bigint)
;;
GRANT SELECT, INSERT ON notification_counter TO contor_app
;;
CREATE TABLE notification_delivery (
	tenant_id bigint NOT NULL,
	route_ident text NOT NULL,
	sequence bigint NOT NULL,
	subject text NOT NULL,
	status text NOT NULL,
	tries integer NOT NULL,
	first_try_at timestamp with time zone,
	due_at timestamp with time zone NOT NULL,
	CONSTRAINT notification_delivery_pkey PRIMARY KEY (tenant_id, route_ident, sequence)
)
;;
CREATE INDEX notification_delivery_due_ix ON notification_delivery (tenant_id, route_ident, sequence) WHERE status = 'WAITING'::text
;;
CREATE INDEX notification_delivery_sequence_ix ON notification_delivery (tenant_id, sequence)
;;
CREATE INDEX notification_delivery_status_ix ON notification_delivery (tenant_id, status, sequence)
;;
CREATE INDEX notification_delivery_subject_ix ON notification_delivery (tenant_id, route_ident, subject) WHERE status = 'WAITING'::text
;;
ALTER TABLE notification_delivery ALTER COLUMN tenant_id SET STATISTICS 0
;;
ALTER TABLE notification_delivery SET (autovacuum_vacuum_scale_factor=0, autovacuum_vacuum_threshold=1000)
;;
ALTER TABLE notification_delivery ENABLE ROW LEVEL SECURITY
;;
ALTER TABLE notification_delivery FORCE ROW LEVEL SECURITY
;;
CREATE POLICY tenant ON notification_delivery USING (tenant_id = contor_tenant() AND tenant_id = current_setting('contor.tenant_id'::text)::bigint) WITH CHECK (tenant_id = contor_tenant() AND tenant_id = current_setting('contor.tenant_id'::text)::bigint)
;;
GRANT SELECT, INSERT, DELETE ON notification_delivery TO contor_app
;;
GRANT UPDATE (due_at, first_try_at, status, tries) ON notification_delivery TO contor_app
;;
CREATE TABLE notification_progress (
	tenant_id bigint NOT NULL,
	route_ident text NOT NULL,
	"position" bigint NOT NULL,
	failures integer NOT NULL,
	holder text,
	held_until timestamp with time zone,
	CONSTRAINT notification_progress_pkey PRIMARY KEY (tenant_id, route_ident)
)
;;
ALTER TABLE notification_progress ALTER COLUMN tenant_id SET STATISTICS 0
;;
ALTER TABLE notification_progress SET (autovacuum_vacuum_scale_factor=0, autovacuum_vacuum_threshold=1000)
;;
ALTER TABLE notification_progress ENABLE ROW LEVEL SECURITY
;;
ALTER TABLE notification_progress FORCE ROW LEVEL SECURITY
;;
CREATE POLICY tenant ON notification_progress USING (tenant_id = contor_tenant() AND tenant_id = current_setting('contor.tenant_id'::text)::bigint) WITH CHECK (tenant_id = contor_tenant() AND tenant_id = current_setting('contor.tenant_id'::text)::bigint)
;;
GRANT SELECT, INSERT, UPDATE, DELETE ON notification_progress TO contor_app
;;
CREATE TABLE notification_route (
	tenant_id bigint NOT NULL,
	ident text NOT NULL,
	type text NOT NULL,
	url text NOT NULL,
	format text NOT NULL,
	description text,
	status text NOT NULL,
	paused_because text,
	resends bigint NOT NULL,
	first_pause_seconds bigint NOT NULL,
	within_hours bigint NOT NULL,
	from_sequence bigint,
	signing_secret text,
	former_secret text,
	former_until timestamp with time zone,
	created_at timestamp with time zone NOT NULL,
	last_modified_at timestamp with time zone NOT NULL,
	CONSTRAINT notification_route_pkey PRIMARY KEY (tenant_id, ident)
)
;;
ALTER TABLE notification_route ALTER COLUMN tenant_id SET STATISTICS 0
;;
ALTER TABLE notification_route ENABLE ROW LEVEL SECURITY
;;
ALTER TABLE notification_route FORCE ROW LEVEL SECURITY
;;
CREATE POLICY tenant ON notification_route USING (tenant_id = contor_tenant() AND tenant_id = current_setting('contor.tenant_id'::text)::bigint) WITH CHECK (tenant_id = contor_tenant() AND tenant_id = current_setting('contor.tenant_id'::text)::bigint)
;;
GRANT SELECT, INSERT, UPDATE, DELETE ON notification_route TO contor_app
;;
CREATE TABLE notification_security (
	tenant_id bigint NOT NULL,
	content jsonb NOT NULL,
	secret text,
	version bigint NOT NULL,
	last_modified_at timestamp with time zone NOT NULL,
	CONSTRAINT notification_security_pkey PRIMARY KEY (tenant_id)
)
;;
ALTER TABLE notification_security ALTER COLUMN tenant_id SET STATISTICS 0
;;
ALTER TABLE notification_security ENABLE ROW LEVEL SECURITY
;;
ALTER TABLE notification_security FORCE ROW LEVEL SECURITY
;;
CREATE POLICY tenant ON notification_security USING (tenant_id = contor_tenant() AND tenant_id = current_setting('contor.tenant_id'::text)::bigint) WITH CHECK (tenant_id = contor_tenant() AND tenant_id = current_setting('contor.tenant_id'::text)::bigint)
;;
GRANT SELECT, INSERT, UPDATE, DELETE ON notification_security TO contor_app
;;
CREATE TABLE notification_term (
	tenant_id bigint NOT NULL,
	through date NOT NULL,
	until date,
	reached bigint NOT NULL,
	CONSTRAINT notification_term_pkey PRIMARY KEY (tenant_id)
)
;;
ALTER TABLE notification_term ALTER COLUMN tenant_id SET STATISTICS 0
;;
ALTER TABLE notification_term SET (autovacuum_vacuum_scale_factor=0, autovacuum_vacuum_threshold=1000)
;;
ALTER TABLE notification_term ENABLE ROW LEVEL SECURITY
;;
ALTER TABLE notification_term FORCE ROW LEVEL SECURITY
;;
CREATE POLICY tenant ON notification_term USING (tenant_id = contor_tenant() AND tenant_id = current_setting('contor.tenant_id'::text)::bigint) WITH CHECK (tenant_id = contor_tenant() AND tenant_id = current_setting('contor.tenant_id'::text)::bigint)
;;
GRANT SELECT, INSERT, UPDATE, DELETE ON notification_term TO contor_app

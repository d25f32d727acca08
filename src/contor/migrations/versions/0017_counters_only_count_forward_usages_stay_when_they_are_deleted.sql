;; transaction
SET LOCAL lock_timeout = '3s'
;;
SET LOCAL check_function_bodies = off
;;
CREATE OR REPLACE FUNCTION public.contor_draw_journal_counter(integer, bigint, bigint)
 RETURNS bigint
 LANGUAGE sql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog'
AS $function$ INSERT INTO public.journal_counter AS c (tenant_id, fiscal_year, next_number) SELECT public.contor_tenant(), $1, $2 + $3 WHERE $3 > 0 ON CONFLICT (tenant_id, fiscal_year) DO UPDATE SET next_number = c.next_number + $3 RETURNING next_number - $3 $function$;
REVOKE ALL ON FUNCTION contor_draw_journal_counter(integer,bigint,bigint) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION contor_draw_journal_counter(integer,bigint,bigint) TO contor_app
;;
CREATE OR REPLACE FUNCTION public.contor_draw_legal_entity_series(text, text, integer, bigint, bigint)
 RETURNS bigint
 LANGUAGE sql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog'
AS $function$ INSERT INTO public.legal_entity_series AS c (tenant_id, legal_entity, counter_ident, year, first_value, next_value) SELECT public.contor_tenant(), $1, $2, $3, $4, $4 + $5 WHERE $5 > 0 ON CONFLICT (tenant_id, legal_entity, counter_ident, year) DO UPDATE SET next_value = c.next_value + $5 RETURNING next_value - $5 $function$;
REVOKE ALL ON FUNCTION contor_draw_legal_entity_series(text,text,integer,bigint,bigint) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION contor_draw_legal_entity_series(text,text,integer,bigint,bigint) TO contor_app
;;
CREATE OR REPLACE FUNCTION public.contor_draw_number_series(text, integer, bigint, bigint)
 RETURNS bigint
 LANGUAGE sql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog'
AS $function$ INSERT INTO public.number_series AS c (tenant_id, counter_ident, year, first_value, next_value) SELECT public.contor_tenant(), $1, $2, $3, $3 + $4 WHERE $4 > 0 ON CONFLICT (tenant_id, counter_ident, year) DO UPDATE SET next_value = c.next_value + $4 RETURNING next_value - $4 $function$;
REVOKE ALL ON FUNCTION contor_draw_number_series(text,integer,bigint,bigint) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION contor_draw_number_series(text,integer,bigint,bigint) TO contor_app
;;
CREATE OR REPLACE FUNCTION public.contor_draw_personal_account_counter(text, bigint, bigint)
 RETURNS bigint
 LANGUAGE sql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog'
AS $function$ INSERT INTO public.personal_account_counter AS c (tenant_id, kind, next_number) SELECT public.contor_tenant(), $1, $2 + $3 WHERE $3 > 0 ON CONFLICT (tenant_id, kind) DO UPDATE SET next_number = c.next_number + $3 RETURNING next_number - $3 $function$;
REVOKE ALL ON FUNCTION contor_draw_personal_account_counter(text,bigint,bigint) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION contor_draw_personal_account_counter(text,bigint,bigint) TO contor_app
;;
REVOKE UPDATE ON assignment_configuration FROM contor_app
;;
REVOKE UPDATE ON billing_parking FROM contor_app
;;
REVOKE UPDATE ON check_run FROM contor_app
;;
ALTER TABLE document_queue ADD COLUMN failures bigint DEFAULT 0 NOT NULL
;;
ALTER TABLE document_queue ADD COLUMN due_at timestamp with time zone
;;
ALTER TABLE document_queue ADD COLUMN failure text
;;
REVOKE UPDATE ON document_queue FROM contor_app
;;
GRANT UPDATE (due_at, failure, failures) ON document_queue TO contor_app
;;
REVOKE DELETE ON idempotency_key FROM contor_app
;;
-- A process of the version before draws no number from here on: workers of it are ended before this revision.
REVOKE UPDATE (next_number) ON journal_counter FROM contor_app
;;
REVOKE UPDATE (next_value) ON legal_entity_series FROM contor_app
;;
REVOKE UPDATE (next_value) ON number_series FROM contor_app
;;
REVOKE UPDATE (next_number) ON personal_account_counter FROM contor_app
;;
ALTER TABLE usage ADD COLUMN deleted_at timestamp with time zone
;;
ALTER TABLE usage ADD COLUMN deleted_by text
;;
REVOKE DELETE ON usage FROM contor_app
;;
GRANT UPDATE (deleted_at, deleted_by) ON usage TO contor_app
;; autocommit
CREATE INDEX CONCURRENTLY IF NOT EXISTS document_queue_due_at_ix ON document_queue (tenant_id, due_at) WHERE due_at IS NOT NULL

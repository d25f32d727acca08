;; transaction
SET LOCAL lock_timeout = '3s'
;;
ALTER TABLE draft ADD COLUMN external_ident text
;;
ALTER TABLE draft ADD COLUMN title text
;;
ALTER TABLE draft ADD COLUMN project_ident text
;;
-- by hand: the columns repeat what drafts say (not what others call them: what was written before is not told apart by that); the owner
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
GRANT UPDATE (external_ident, project_ident, title) ON draft TO contor_app
;; autocommit
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
CREATE INDEX CONCURRENTLY IF NOT EXISTS opos_movement_booked_ix ON opos_movement (tenant_id, booked_on, document_id)
;;
CREATE INDEX CONCURRENTLY IF NOT EXISTS opos_movement_created_ix ON opos_movement (tenant_id, created_at, document_id)

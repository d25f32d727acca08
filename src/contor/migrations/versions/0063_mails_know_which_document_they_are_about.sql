;; transaction
SET LOCAL lock_timeout = '3s'
;;
ALTER TABLE mail ADD COLUMN document_id bigint
;;
-- Written by hand: two companies of a tenant may give one number; which document a mail was about say the files that went along.
DO $$ DECLARE tenant bigint; BEGIN FOR tenant IN SELECT id FROM directory.environment LOOP
  PERFORM set_config('contor.tenant_id', tenant::text, true);
  UPDATE mail m SET document_id = x.id, about = CASE m.kind WHEN 'DOCUMENT' THEN 'document:' || x.id ELSE m.about END
    FROM (SELECT k.tenant_id, k.ident, (SELECT d.id FROM document d WHERE d.tenant_id = k.tenant_id AND d.ident = k.document_ident
      ORDER BY EXISTS (SELECT 1 FROM document_file f WHERE f.tenant_id = d.tenant_id AND f.document_id = d.id
        AND k.files @> jsonb_build_array(jsonb_build_object('sha256', f.sha256))) DESC, d.id LIMIT 1) AS id
      FROM mail k WHERE k.document_ident IS NOT NULL) x
    WHERE m.tenant_id = x.tenant_id AND m.ident = x.ident AND x.id IS NOT NULL;
END LOOP; END $$
;; autocommit
CREATE INDEX CONCURRENTLY IF NOT EXISTS mail_document_id_ix ON mail (tenant_id, document_id)

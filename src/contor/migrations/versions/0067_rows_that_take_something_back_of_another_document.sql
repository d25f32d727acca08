;; transaction
SET LOCAL lock_timeout = '3s'
;;
CREATE TABLE document_netting (
	tenant_id bigint NOT NULL,
	document_id bigint NOT NULL,
	item_ident text NOT NULL,
	netted_document_id bigint NOT NULL,
	netted_item_ident text NOT NULL,
	row_hash bytea,
	CONSTRAINT document_netting_pkey PRIMARY KEY (tenant_id, document_id, item_ident),
	CONSTRAINT document_netting_tenant_id_netted_document_id_fkey FOREIGN KEY (tenant_id, netted_document_id) REFERENCES document(tenant_id, id)
)
;;
CREATE INDEX document_netting_netted_ix ON document_netting (tenant_id, netted_document_id)
;;
CREATE INDEX document_netting_unhashed_ix ON document_netting (tenant_id) WHERE row_hash IS NULL
;;
ALTER TABLE document_netting ALTER COLUMN tenant_id SET STATISTICS 0
;;
ALTER TABLE document_netting SET (autovacuum_freeze_min_age=0, autovacuum_vacuum_insert_scale_factor=0, autovacuum_vacuum_insert_threshold=20000)
;;
ALTER TABLE document_netting ENABLE ROW LEVEL SECURITY
;;
ALTER TABLE document_netting FORCE ROW LEVEL SECURITY
;;
CREATE POLICY tenant ON document_netting USING (tenant_id = contor_tenant() AND tenant_id = current_setting('contor.tenant_id'::text)::bigint) WITH CHECK (tenant_id = contor_tenant() AND tenant_id = current_setting('contor.tenant_id'::text)::bigint)
;;
GRANT SELECT, INSERT ON document_netting TO contor_app
;;
-- Written by hand: what credits of changed contracts took back as rows of the next document is known by the items that were billed on it.
DO $$ DECLARE tenant bigint; BEGIN FOR tenant IN SELECT id FROM directory.environment LOOP
  PERFORM set_config('contor.tenant_id', tenant::text, true);
  INSERT INTO document_netting (tenant_id, document_id, item_ident, netted_document_id, netted_item_ident)
    SELECT c.tenant_id, c.document_id, 'i-' || c.item_id, o.document_id, 'i-' || o.item_id FROM billable_item c
      JOIN billable_item o ON o.tenant_id = c.tenant_id AND o.item_id = c.related_item_id
      JOIN document d ON d.tenant_id = o.tenant_id AND d.id = o.document_id AND d.document_type = 'INVOICE'
      WHERE c.tenant_id = tenant AND c.kind = 'CREDIT' AND c.content ->> 'stands_beside' = 'true' AND c.document_id IS NOT NULL
        AND NOT EXISTS (SELECT 1 FROM document_credit k WHERE k.tenant_id = c.tenant_id AND k.document_id = c.document_id
          AND k.credited_document_id = o.document_id);
END LOOP; END $$

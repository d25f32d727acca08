;; transaction
SET LOCAL lock_timeout = '3s'
;;
CREATE TABLE document_origin (
	tenant_id bigint NOT NULL,
	document_id bigint NOT NULL,
	type text NOT NULL,
	ident text NOT NULL,
	CONSTRAINT document_origin_pkey PRIMARY KEY (tenant_id, document_id, type, ident)
)
;;
CREATE INDEX document_origin_ident_ix ON document_origin (tenant_id, type, ident)
;;
ALTER TABLE document_origin ENABLE ROW LEVEL SECURITY
;;
ALTER TABLE document_origin FORCE ROW LEVEL SECURITY
;;
CREATE POLICY tenant ON document_origin USING (tenant_id = contor_tenant() AND tenant_id = current_setting('contor.tenant_id'::text)::bigint) WITH CHECK (tenant_id = contor_tenant() AND tenant_id = current_setting('contor.tenant_id'::text)::bigint)
;;
GRANT SELECT, INSERT ON document_origin TO contor_app

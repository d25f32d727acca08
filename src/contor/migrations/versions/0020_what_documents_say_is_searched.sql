;; transaction
SET LOCAL lock_timeout = '3s'
;;
CREATE TABLE document_said (
	tenant_id bigint NOT NULL,
	document_id bigint NOT NULL,
	language text NOT NULL,
	customer_name text NOT NULL,
	invoice_address_ident text NOT NULL,
	prepaid numeric(19,4) NOT NULL,
	CONSTRAINT document_said_pkey PRIMARY KEY (tenant_id, document_id)
)
;;
CREATE INDEX document_said_customer_name_ix ON document_said (tenant_id, customer_name)
;;
CREATE INDEX document_said_invoice_address_ix ON document_said (tenant_id, invoice_address_ident)
;;
ALTER TABLE document_said ENABLE ROW LEVEL SECURITY
;;
ALTER TABLE document_said FORCE ROW LEVEL SECURITY
;;
CREATE POLICY tenant ON document_said USING (tenant_id = contor_tenant() AND tenant_id = current_setting('contor.tenant_id'::text)::bigint) WITH CHECK (tenant_id = contor_tenant() AND tenant_id = current_setting('contor.tenant_id'::text)::bigint)
;;
GRANT SELECT, INSERT ON document_said TO contor_app
;; autocommit
CREATE INDEX CONCURRENTLY IF NOT EXISTS document_created_ix ON document (tenant_id, created_at, id)
;;
CREATE INDEX CONCURRENTLY IF NOT EXISTS document_label_label_ix ON document_label (tenant_id, label)

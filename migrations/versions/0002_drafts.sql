CREATE TABLE draft (
	tenant_id BIGINT NOT NULL, 
	ident TEXT NOT NULL, 
	id BIGINT NOT NULL, 
	document_type TEXT NOT NULL, 
	status TEXT NOT NULL, 
	version BIGINT NOT NULL, 
	billing_group_ident TEXT, 
	customer_ident TEXT, 
	currency TEXT, 
	document_date DATE, 
	content JSONB NOT NULL, 
	document_id BIGINT, 
	created_at TIMESTAMP WITH TIME ZONE NOT NULL, 
	last_modified_at TIMESTAMP WITH TIME ZONE NOT NULL, 
	CONSTRAINT draft_pkey PRIMARY KEY (tenant_id, ident), 
	CONSTRAINT draft_tenant_id_document_id_fkey FOREIGN KEY(tenant_id, document_id) REFERENCES document (tenant_id, id)
)
;;
CREATE INDEX draft_created_ix ON draft (tenant_id, created_at, ident)
;;
CREATE INDEX draft_customer_ix ON draft (tenant_id, customer_ident, created_at, ident)
;;
CREATE INDEX draft_date_ix ON draft (tenant_id, document_date, ident)
;;
CREATE UNIQUE INDEX draft_document_key ON draft (tenant_id, document_id) WHERE document_id IS NOT NULL
;;
CREATE UNIQUE INDEX draft_id_key ON draft (tenant_id, id)
;;
CREATE INDEX draft_modified_ix ON draft (tenant_id, last_modified_at, ident)
;;
CREATE INDEX draft_status_ix ON draft (tenant_id, status, created_at, ident)
;;
ALTER TABLE draft ENABLE ROW LEVEL SECURITY
;;
ALTER TABLE draft FORCE ROW LEVEL SECURITY
;;
CREATE POLICY tenant ON draft USING (tenant_id = current_setting('contor.tenant_id')::bigint) WITH CHECK (tenant_id = current_setting('contor.tenant_id')::bigint)
;;
GRANT SELECT, INSERT ON draft TO contor_app
;;
GRANT UPDATE (status, version, billing_group_ident, customer_ident, currency, document_date, content, document_id, last_modified_at) ON draft TO contor_app
;;
GRANT DELETE ON draft TO contor_app

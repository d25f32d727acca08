;; transaction
SET LOCAL lock_timeout = '3s'
;;
CREATE TABLE draft (
	tenant_id bigint NOT NULL,
	ident text NOT NULL,
	id bigint NOT NULL,
	document_type text NOT NULL,
	status text NOT NULL,
	version bigint NOT NULL,
	billing_group_ident text,
	customer_ident text,
	currency text,
	document_date date,
	content jsonb NOT NULL,
	document_id bigint,
	created_at timestamp with time zone NOT NULL,
	last_modified_at timestamp with time zone NOT NULL,
	CONSTRAINT draft_pkey PRIMARY KEY (tenant_id, ident),
	CONSTRAINT draft_tenant_id_document_id_fkey FOREIGN KEY (tenant_id, document_id) REFERENCES document(tenant_id, id)
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
CREATE POLICY tenant ON draft USING (tenant_id = contor_tenant() AND tenant_id = current_setting('contor.tenant_id'::text)::bigint) WITH CHECK (tenant_id = contor_tenant() AND tenant_id = current_setting('contor.tenant_id'::text)::bigint)
;;
GRANT SELECT, INSERT, DELETE ON draft TO contor_app
;;
GRANT UPDATE (billing_group_ident, content, currency, customer_ident, document_date, document_id, last_modified_at, status, version) ON draft TO contor_app

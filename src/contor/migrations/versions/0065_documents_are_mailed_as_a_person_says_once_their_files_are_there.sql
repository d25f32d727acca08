;; transaction
SET LOCAL lock_timeout = '3s'
;;
CREATE TABLE mail_wish (
	tenant_id bigint NOT NULL,
	ident text NOT NULL,
	document_id bigint NOT NULL,
	body jsonb NOT NULL,
	created_at timestamp with time zone NOT NULL,
	CONSTRAINT mail_wish_pkey PRIMARY KEY (tenant_id, ident),
	CONSTRAINT mail_wish_tenant_id_document_id_fkey FOREIGN KEY (tenant_id, document_id) REFERENCES document(tenant_id, id)
)
;;
CREATE INDEX mail_wish_document_ix ON mail_wish (tenant_id, document_id)
;;
ALTER TABLE mail_wish ALTER COLUMN tenant_id SET STATISTICS 0
;;
ALTER TABLE mail_wish ENABLE ROW LEVEL SECURITY
;;
ALTER TABLE mail_wish FORCE ROW LEVEL SECURITY
;;
CREATE POLICY tenant ON mail_wish USING (tenant_id = contor_tenant() AND tenant_id = current_setting('contor.tenant_id'::text)::bigint) WITH CHECK (tenant_id = contor_tenant() AND tenant_id = current_setting('contor.tenant_id'::text)::bigint)
;;
GRANT SELECT, INSERT, DELETE ON mail_wish TO contor_app
;;
ALTER TABLE mail ADD COLUMN own jsonb

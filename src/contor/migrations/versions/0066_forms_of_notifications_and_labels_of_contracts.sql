;; transaction
SET LOCAL lock_timeout = '3s'
;;
CREATE TABLE contract_label (
	tenant_id bigint NOT NULL,
	contract_id bigint NOT NULL,
	external_ident text,
	title text,
	document_title text,
	attributes jsonb NOT NULL,
	features jsonb NOT NULL,
	last_modified_at timestamp with time zone NOT NULL,
	CONSTRAINT contract_label_pkey PRIMARY KEY (tenant_id, contract_id),
	CONSTRAINT contract_label_tenant_id_contract_id_fkey FOREIGN KEY (tenant_id, contract_id) REFERENCES contract(tenant_id, contract_id)
)
;;
CREATE UNIQUE INDEX contract_label_external_key ON contract_label (tenant_id, external_ident) WHERE external_ident IS NOT NULL
;;
ALTER TABLE contract_label ALTER COLUMN tenant_id SET STATISTICS 0
;;
ALTER TABLE contract_label ENABLE ROW LEVEL SECURITY
;;
ALTER TABLE contract_label FORCE ROW LEVEL SECURITY
;;
CREATE POLICY tenant ON contract_label USING (tenant_id = contor_tenant() AND tenant_id = current_setting('contor.tenant_id'::text)::bigint) WITH CHECK (tenant_id = contor_tenant() AND tenant_id = current_setting('contor.tenant_id'::text)::bigint)
;;
GRANT SELECT, INSERT ON contract_label TO contor_app
;;
GRANT UPDATE (attributes, document_title, external_ident, features, last_modified_at, title) ON contract_label TO contor_app
;;
ALTER TABLE notification_delivery ADD COLUMN body text
;;
GRANT UPDATE (body) ON notification_delivery TO contor_app
;;
ALTER TABLE notification_route ADD COLUMN user_name text
;;
ALTER TABLE notification_route ADD COLUMN password text

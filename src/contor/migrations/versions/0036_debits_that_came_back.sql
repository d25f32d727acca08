;; transaction
SET LOCAL lock_timeout = '3s'
;;
CREATE TABLE dunning_return (
	tenant_id bigint NOT NULL,
	payment_ident text NOT NULL,
	document_id bigint NOT NULL,
	returned_on date NOT NULL,
	claim_ident text,
	created_at timestamp with time zone NOT NULL,
	CONSTRAINT dunning_return_pkey PRIMARY KEY (tenant_id, payment_ident, document_id),
	CONSTRAINT dunning_return_tenant_id_claim_ident_fkey FOREIGN KEY (tenant_id, claim_ident) REFERENCES dunning_claim(tenant_id, claim_ident)
)
;;
CREATE INDEX dunning_return_document_ix ON dunning_return (tenant_id, document_id, returned_on)
;;
ALTER TABLE dunning_return ALTER COLUMN tenant_id SET STATISTICS 0
;;
ALTER TABLE dunning_return ENABLE ROW LEVEL SECURITY
;;
ALTER TABLE dunning_return FORCE ROW LEVEL SECURITY
;;
CREATE POLICY tenant ON dunning_return USING (tenant_id = contor_tenant() AND tenant_id = current_setting('contor.tenant_id'::text)::bigint) WITH CHECK (tenant_id = contor_tenant() AND tenant_id = current_setting('contor.tenant_id'::text)::bigint)
;;
GRANT SELECT, INSERT, DELETE ON dunning_return TO contor_app
;;
ALTER TABLE dunning_claim ALTER COLUMN letter_id DROP NOT NULL

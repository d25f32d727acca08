;; transaction
SET LOCAL lock_timeout = '3s'
;;
CREATE TABLE contract_change (
	tenant_id bigint NOT NULL,
	change_id bigint NOT NULL,
	contract_id bigint NOT NULL,
	contract_ident text NOT NULL,
	customer_ident text NOT NULL,
	effective_on date NOT NULL,
	takes_effect_at timestamp with time zone NOT NULL,
	status text NOT NULL,
	status_reason text,
	body jsonb NOT NULL,
	changed_by text NOT NULL,
	created_at timestamp with time zone NOT NULL,
	settled_at timestamp with time zone,
	CONSTRAINT contract_change_pkey PRIMARY KEY (tenant_id, change_id),
	CONSTRAINT contract_change_tenant_id_contract_ident_fkey FOREIGN KEY (tenant_id, contract_ident) REFERENCES contract(tenant_id, contract_ident)
)
;;
CREATE INDEX contract_change_contract_ix ON contract_change (tenant_id, contract_id, change_id)
;;
CREATE INDEX contract_change_ident_ix ON contract_change (tenant_id, contract_ident, change_id)
;;
CREATE INDEX contract_change_pending_ix ON contract_change (tenant_id, customer_ident, takes_effect_at) WHERE status = 'PENDING'::text
;;
ALTER TABLE contract_change ALTER COLUMN tenant_id SET STATISTICS 0
;;
ALTER TABLE contract_change ENABLE ROW LEVEL SECURITY
;;
ALTER TABLE contract_change FORCE ROW LEVEL SECURITY
;;
CREATE POLICY tenant ON contract_change USING (tenant_id = contor_tenant() AND tenant_id = current_setting('contor.tenant_id'::text)::bigint) WITH CHECK (tenant_id = contor_tenant() AND tenant_id = current_setting('contor.tenant_id'::text)::bigint)
;;
GRANT SELECT, INSERT ON contract_change TO contor_app
;;
GRANT UPDATE (settled_at, status, status_reason) ON contract_change TO contor_app
;;
ALTER TABLE billing_group ADD COLUMN carry_credits boolean DEFAULT false NOT NULL
;;
ALTER TABLE tenant_setting ADD COLUMN trial_notice_days integer DEFAULT 3 NOT NULL

;; transaction
SET LOCAL lock_timeout = '3s'
;;
CREATE TABLE vat_number_check (
	tenant_id bigint NOT NULL,
	ident text NOT NULL,
	id bigint NOT NULL,
	customer_ident text NOT NULL,
	vat_id text NOT NULL,
	requester_vat_id text,
	provider text NOT NULL,
	status text NOT NULL,
	code text,
	reason text,
	consultation_number text,
	name text,
	address text,
	asked jsonb NOT NULL,
	matches jsonb NOT NULL,
	valid_from date,
	valid_until date,
	checked_at timestamp with time zone NOT NULL,
	sha256 text,
	size bigint,
	row_hash bytea,
	CONSTRAINT vat_number_check_pkey PRIMARY KEY (tenant_id, ident),
	CONSTRAINT vat_number_check_tenant_id_customer_ident_fkey FOREIGN KEY (tenant_id, customer_ident) REFERENCES customer(tenant_id, customer_ident)
)
;;
CREATE INDEX vat_number_check_answered_ix ON vat_number_check (tenant_id, customer_ident, vat_id, id) WHERE status = ANY (ARRAY['VALID'::text, 'INVALID'::text])
;;
CREATE INDEX vat_number_check_customer_ix ON vat_number_check (tenant_id, customer_ident, id)
;;
CREATE INDEX vat_number_check_number_ix ON vat_number_check (tenant_id, customer_ident, vat_id, id)
;;
CREATE INDEX vat_number_check_unhashed_ix ON vat_number_check (tenant_id) WHERE row_hash IS NULL
;;
ALTER TABLE vat_number_check ALTER COLUMN tenant_id SET STATISTICS 0
;;
ALTER TABLE vat_number_check SET (autovacuum_freeze_min_age=0, autovacuum_vacuum_insert_scale_factor=0, autovacuum_vacuum_insert_threshold=20000)
;;
ALTER TABLE vat_number_check ENABLE ROW LEVEL SECURITY
;;
ALTER TABLE vat_number_check FORCE ROW LEVEL SECURITY
;;
CREATE POLICY tenant ON vat_number_check USING (tenant_id = contor_tenant() AND tenant_id = current_setting('contor.tenant_id'::text)::bigint) WITH CHECK (tenant_id = contor_tenant() AND tenant_id = current_setting('contor.tenant_id'::text)::bigint)
;;
GRANT SELECT, INSERT ON vat_number_check TO contor_app
;;
CREATE TABLE vat_number_enquiry (
	tenant_id bigint NOT NULL,
	customer_ident text NOT NULL,
	vat_id text NOT NULL,
	ident text NOT NULL,
	service text,
	waited_for text NOT NULL,
	job_ident text,
	asked_at timestamp with time zone NOT NULL,
	tries integer DEFAULT 0 NOT NULL,
	try_at timestamp with time zone NOT NULL,
	CONSTRAINT vat_number_enquiry_pkey PRIMARY KEY (tenant_id, customer_ident, vat_id),
	CONSTRAINT vat_number_enquiry_tenant_id_customer_ident_fkey FOREIGN KEY (tenant_id, customer_ident) REFERENCES customer(tenant_id, customer_ident)
)
;;
CREATE UNIQUE INDEX vat_number_enquiry_ident_key ON vat_number_enquiry (tenant_id, ident)
;;
CREATE INDEX vat_number_enquiry_job_ix ON vat_number_enquiry (tenant_id, job_ident) WHERE job_ident IS NOT NULL
;;
CREATE INDEX vat_number_enquiry_try_ix ON vat_number_enquiry (tenant_id, try_at)
;;
ALTER TABLE vat_number_enquiry ALTER COLUMN tenant_id SET STATISTICS 0
;;
ALTER TABLE vat_number_enquiry SET (autovacuum_vacuum_scale_factor=0, autovacuum_vacuum_threshold=1000)
;;
ALTER TABLE vat_number_enquiry ENABLE ROW LEVEL SECURITY
;;
ALTER TABLE vat_number_enquiry FORCE ROW LEVEL SECURITY
;;
CREATE POLICY tenant ON vat_number_enquiry USING (tenant_id = contor_tenant() AND tenant_id = current_setting('contor.tenant_id'::text)::bigint) WITH CHECK (tenant_id = contor_tenant() AND tenant_id = current_setting('contor.tenant_id'::text)::bigint)
;;
GRANT SELECT, INSERT, DELETE ON vat_number_enquiry TO contor_app
;;
GRANT UPDATE (ident, job_ident, service, tries, try_at, waited_for) ON vat_number_enquiry TO contor_app
;;
CREATE TABLE vat_number_job (
	tenant_id bigint NOT NULL,
	ident text NOT NULL,
	status text NOT NULL,
	after text DEFAULT ''::text NOT NULL,
	total bigint DEFAULT 0 NOT NULL,
	done bigint DEFAULT 0 NOT NULL,
	valid bigint DEFAULT 0 NOT NULL,
	invalid bigint DEFAULT 0 NOT NULL,
	unavailable bigint DEFAULT 0 NOT NULL,
	created_at timestamp with time zone NOT NULL,
	completed_at timestamp with time zone,
	CONSTRAINT vat_number_job_pkey PRIMARY KEY (tenant_id, ident)
)
;;
CREATE UNIQUE INDEX vat_number_job_running_key ON vat_number_job (tenant_id) WHERE status = 'RUNNING'::text
;;
ALTER TABLE vat_number_job ALTER COLUMN tenant_id SET STATISTICS 0
;;
ALTER TABLE vat_number_job ENABLE ROW LEVEL SECURITY
;;
ALTER TABLE vat_number_job FORCE ROW LEVEL SECURITY
;;
CREATE POLICY tenant ON vat_number_job USING (tenant_id = contor_tenant() AND tenant_id = current_setting('contor.tenant_id'::text)::bigint) WITH CHECK (tenant_id = contor_tenant() AND tenant_id = current_setting('contor.tenant_id'::text)::bigint)
;;
GRANT SELECT, INSERT ON vat_number_job TO contor_app
;;
GRANT UPDATE (after, completed_at, done, invalid, status, unavailable, valid) ON vat_number_job TO contor_app
;;
ALTER TABLE document_queue ADD COLUMN waits_for text
;;
GRANT UPDATE (waits_for) ON document_queue TO contor_app
;; autocommit
CREATE INDEX CONCURRENTLY IF NOT EXISTS billable_item_awaiting_ix ON billable_item (tenant_id, customer_ident) WHERE processing_status = 'ERROR'::text AND (status_reason = ANY (ARRAY['VAT_PROOF_AWAITED'::text, 'TAX_AWAITED'::text]))
;;
CREATE INDEX CONCURRENTLY IF NOT EXISTS document_queue_waits_for_ix ON document_queue (tenant_id, waits_for) WHERE waits_for IS NOT NULL

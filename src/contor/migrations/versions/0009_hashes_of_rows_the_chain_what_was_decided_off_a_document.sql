;; transaction
SET LOCAL lock_timeout = '3s'
;;
CREATE TABLE chain_link (
	tenant_id bigint NOT NULL,
	year integer NOT NULL,
	number bigint NOT NULL,
	kind text NOT NULL,
	object_id bigint NOT NULL,
	hash bytea NOT NULL,
	CONSTRAINT chain_link_pkey PRIMARY KEY (tenant_id, year, number)
)
;;
CREATE UNIQUE INDEX chain_link_object_key ON chain_link (tenant_id, kind, object_id)
;;
ALTER TABLE chain_link ENABLE ROW LEVEL SECURITY
;;
ALTER TABLE chain_link FORCE ROW LEVEL SECURITY
;;
CREATE POLICY tenant ON chain_link USING (tenant_id = contor_tenant() AND tenant_id = current_setting('contor.tenant_id'::text)::bigint) WITH CHECK (tenant_id = contor_tenant() AND tenant_id = current_setting('contor.tenant_id'::text)::bigint)
;;
GRANT SELECT, INSERT ON chain_link TO contor_app
;;
CREATE TABLE document_discount (
	tenant_id bigint NOT NULL,
	id bigint NOT NULL,
	document_id bigint NOT NULL,
	"position" integer NOT NULL,
	decision text NOT NULL,
	treatment text NOT NULL,
	category_code text NOT NULL,
	tax_rate numeric(19,4) NOT NULL,
	country text,
	net numeric(19,4) NOT NULL,
	tax numeric(19,4) NOT NULL,
	gross numeric(19,4) NOT NULL,
	ledger_tax numeric(19,4) NOT NULL,
	ledger_gross numeric(19,4) NOT NULL,
	source text NOT NULL,
	row_hash bytea,
	CONSTRAINT document_discount_pkey PRIMARY KEY (tenant_id, id, "position"),
	CONSTRAINT document_discount_tenant_id_document_id_fkey FOREIGN KEY (tenant_id, document_id) REFERENCES document(tenant_id, id)
)
;;
CREATE INDEX document_discount_document_ix ON document_discount (tenant_id, document_id)
;;
CREATE INDEX document_discount_unhashed_ix ON document_discount (tenant_id) WHERE row_hash IS NULL
;;
ALTER TABLE document_discount ENABLE ROW LEVEL SECURITY
;;
ALTER TABLE document_discount FORCE ROW LEVEL SECURITY
;;
CREATE POLICY tenant ON document_discount USING (tenant_id = contor_tenant() AND tenant_id = current_setting('contor.tenant_id'::text)::bigint) WITH CHECK (tenant_id = contor_tenant() AND tenant_id = current_setting('contor.tenant_id'::text)::bigint)
;;
GRANT SELECT, INSERT ON document_discount TO contor_app
;;
ALTER TABLE audit_entry ADD COLUMN row_hash bytea
;;
ALTER TABLE deposit_receipt ADD COLUMN row_hash bytea
;;
ALTER TABLE document ADD COLUMN row_hash bytea
;;
ALTER TABLE document_content ADD COLUMN row_hash bytea
;;
ALTER TABLE document_credit ADD COLUMN row_hash bytea
;;
ALTER TABLE document_file ADD COLUMN row_hash bytea
;;
ALTER TABLE journal_entry ADD COLUMN row_hash bytea
;;
ALTER TABLE journal_line ADD COLUMN row_hash bytea
;;
ALTER TABLE opos_case ADD COLUMN row_hash bytea
;;
ALTER TABLE opos_movement ADD COLUMN row_hash bytea
;;
ALTER TABLE payment ADD COLUMN row_hash bytea
;;
ALTER TABLE payment_assignment ADD COLUMN row_hash bytea
;;
DO $$
DECLARE one bigint;
BEGIN
	FOR one IN SELECT id FROM directory.environment ORDER BY id LOOP
		PERFORM set_config('contor.tenant_id', one::text, true);
		INSERT INTO document_discount (tenant_id, id, document_id, "position", decision, treatment, category_code, tax_rate, country,
			net, tax, gross, ledger_tax, ledger_gross, source)
		SELECT m.tenant_id, m.id, m.document_id, p.n - 1, m.decision, p.part->>'treatment', p.part->>'category_code',
			(p.part->>'rate')::numeric, p.part->>'country', (p.part->>'net')::numeric, (p.part->>'tax')::numeric,
			(p.part->>'gross')::numeric, (l.part->>'tax')::numeric, (l.part->>'gross')::numeric, m.source
		FROM opos_movement m
		CROSS JOIN LATERAL json_array_elements(m.movement->'parts') WITH ORDINALITY p (part, n)
		JOIN LATERAL json_array_elements(m.movement->'ledger_parts') WITH ORDINALITY l (part, n) ON l.n = p.n
		WHERE m.decision IN ('CASH_DISCOUNT', 'DISCOUNT', 'UNCOLLECTABLE_RECEIVABLE') AND (p.part->>'gross')::numeric <> 0;
	END LOOP;
END $$
;; autocommit
CREATE INDEX CONCURRENTLY IF NOT EXISTS audit_entry_unhashed_ix ON audit_entry (tenant_id) WHERE row_hash IS NULL
;;
CREATE INDEX CONCURRENTLY IF NOT EXISTS deposit_receipt_unhashed_ix ON deposit_receipt (tenant_id) WHERE row_hash IS NULL
;;
CREATE INDEX CONCURRENTLY IF NOT EXISTS document_unhashed_ix ON document (tenant_id) WHERE row_hash IS NULL
;;
CREATE INDEX CONCURRENTLY IF NOT EXISTS document_content_unhashed_ix ON document_content (tenant_id) WHERE row_hash IS NULL
;;
CREATE INDEX CONCURRENTLY IF NOT EXISTS document_credit_unhashed_ix ON document_credit (tenant_id) WHERE row_hash IS NULL
;;
CREATE INDEX CONCURRENTLY IF NOT EXISTS document_file_unhashed_ix ON document_file (tenant_id) WHERE row_hash IS NULL
;;
CREATE INDEX CONCURRENTLY IF NOT EXISTS journal_entry_unhashed_ix ON journal_entry (tenant_id) WHERE row_hash IS NULL
;;
CREATE INDEX CONCURRENTLY IF NOT EXISTS journal_line_unhashed_ix ON journal_line (tenant_id) WHERE row_hash IS NULL
;;
CREATE INDEX CONCURRENTLY IF NOT EXISTS opos_case_unhashed_ix ON opos_case (tenant_id) WHERE row_hash IS NULL
;;
CREATE INDEX CONCURRENTLY IF NOT EXISTS opos_movement_unhashed_ix ON opos_movement (tenant_id) WHERE row_hash IS NULL
;;
CREATE INDEX CONCURRENTLY IF NOT EXISTS payment_unhashed_ix ON payment (tenant_id) WHERE row_hash IS NULL
;;
CREATE INDEX CONCURRENTLY IF NOT EXISTS payment_assignment_unhashed_ix ON payment_assignment (tenant_id) WHERE row_hash IS NULL

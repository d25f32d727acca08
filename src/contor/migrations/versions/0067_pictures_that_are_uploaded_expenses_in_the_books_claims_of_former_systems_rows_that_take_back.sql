;; transaction
SET LOCAL lock_timeout = '3s'
;;
CREATE TABLE awaited_picture (
	tenant_id bigint NOT NULL,
	document_id bigint NOT NULL,
	until timestamp with time zone NOT NULL,
	source text,
	ended_at timestamp with time zone,
	CONSTRAINT awaited_picture_pkey PRIMARY KEY (tenant_id, document_id)
)
;;
CREATE INDEX awaited_picture_open_ix ON awaited_picture (tenant_id, until) WHERE source IS NULL
;;
ALTER TABLE awaited_picture ALTER COLUMN tenant_id SET STATISTICS 0
;;
ALTER TABLE awaited_picture ENABLE ROW LEVEL SECURITY
;;
ALTER TABLE awaited_picture FORCE ROW LEVEL SECURITY
;;
CREATE POLICY tenant ON awaited_picture USING (tenant_id = contor_tenant() AND tenant_id = current_setting('contor.tenant_id'::text)::bigint) WITH CHECK (tenant_id = contor_tenant() AND tenant_id = current_setting('contor.tenant_id'::text)::bigint)
;;
GRANT SELECT, INSERT ON awaited_picture TO contor_app
;;
GRANT UPDATE (ended_at, source) ON awaited_picture TO contor_app
;;
CREATE TABLE document_netting (
	tenant_id bigint NOT NULL,
	document_id bigint NOT NULL,
	item_ident text NOT NULL,
	netted_document_id bigint NOT NULL,
	netted_item_ident text NOT NULL,
	row_hash bytea,
	CONSTRAINT document_netting_pkey PRIMARY KEY (tenant_id, document_id, item_ident),
	CONSTRAINT document_netting_tenant_id_netted_document_id_fkey FOREIGN KEY (tenant_id, netted_document_id) REFERENCES document(tenant_id, id)
)
;;
CREATE INDEX document_netting_netted_ix ON document_netting (tenant_id, netted_document_id)
;;
CREATE INDEX document_netting_unhashed_ix ON document_netting (tenant_id) WHERE row_hash IS NULL
;;
ALTER TABLE document_netting ALTER COLUMN tenant_id SET STATISTICS 0
;;
ALTER TABLE document_netting SET (autovacuum_freeze_min_age=0, autovacuum_vacuum_insert_scale_factor=0, autovacuum_vacuum_insert_threshold=20000)
;;
ALTER TABLE document_netting ENABLE ROW LEVEL SECURITY
;;
ALTER TABLE document_netting FORCE ROW LEVEL SECURITY
;;
CREATE POLICY tenant ON document_netting USING (tenant_id = contor_tenant() AND tenant_id = current_setting('contor.tenant_id'::text)::bigint) WITH CHECK (tenant_id = contor_tenant() AND tenant_id = current_setting('contor.tenant_id'::text)::bigint)
;;
GRANT SELECT, INSERT ON document_netting TO contor_app
;;
CREATE TABLE expense_category (
	tenant_id bigint NOT NULL,
	ident text NOT NULL,
	name text NOT NULL,
	booking_account bigint NOT NULL,
	known_as text NOT NULL,
	created_at timestamp with time zone NOT NULL,
	last_modified_at timestamp with time zone NOT NULL,
	CONSTRAINT expense_category_pkey PRIMARY KEY (tenant_id, ident)
)
;;
CREATE INDEX expense_category_account_ix ON expense_category (tenant_id, booking_account, ident)
;;
CREATE UNIQUE INDEX expense_category_known_as_key ON expense_category (tenant_id, known_as)
;;
CREATE INDEX expense_category_name_ix ON expense_category (tenant_id, name, ident)
;;
ALTER TABLE expense_category ALTER COLUMN tenant_id SET STATISTICS 0
;;
ALTER TABLE expense_category ENABLE ROW LEVEL SECURITY
;;
ALTER TABLE expense_category FORCE ROW LEVEL SECURITY
;;
CREATE POLICY tenant ON expense_category USING (tenant_id = contor_tenant() AND tenant_id = current_setting('contor.tenant_id'::text)::bigint) WITH CHECK (tenant_id = contor_tenant() AND tenant_id = current_setting('contor.tenant_id'::text)::bigint)
;;
GRANT SELECT, INSERT, UPDATE, DELETE ON expense_category TO contor_app
;;
CREATE TABLE supplier (
	tenant_id bigint NOT NULL,
	ident text NOT NULL,
	supplier_id bigint NOT NULL,
	name text NOT NULL,
	vat_id text,
	account bigint NOT NULL,
	known_as text NOT NULL,
	created_at timestamp with time zone NOT NULL,
	last_modified_at timestamp with time zone NOT NULL,
	CONSTRAINT supplier_pkey PRIMARY KEY (tenant_id, ident)
)
;;
CREATE UNIQUE INDEX supplier_account_key ON supplier (tenant_id, account)
;;
CREATE UNIQUE INDEX supplier_id_key ON supplier (tenant_id, supplier_id)
;;
CREATE INDEX supplier_known_as_ix ON supplier (tenant_id, known_as, supplier_id)
;;
CREATE INDEX supplier_name_ix ON supplier (tenant_id, name, ident)
;;
CREATE UNIQUE INDEX supplier_vat_id_key ON supplier (tenant_id, vat_id) WHERE vat_id IS NOT NULL
;;
ALTER TABLE supplier ALTER COLUMN tenant_id SET STATISTICS 0
;;
ALTER TABLE supplier ENABLE ROW LEVEL SECURITY
;;
ALTER TABLE supplier FORCE ROW LEVEL SECURITY
;;
CREATE POLICY tenant ON supplier USING (tenant_id = contor_tenant() AND tenant_id = current_setting('contor.tenant_id'::text)::bigint) WITH CHECK (tenant_id = contor_tenant() AND tenant_id = current_setting('contor.tenant_id'::text)::bigint)
;;
GRANT SELECT, INSERT, UPDATE ON supplier TO contor_app
;;
ALTER TABLE expense ADD COLUMN supplier_vat_id text
;;
ALTER TABLE expense ADD COLUMN tax_treatment text DEFAULT 'DOMESTIC'::text NOT NULL
;;
ALTER TABLE expense ADD COLUMN booking_account bigint
;;
ALTER TABLE expense ADD COLUMN posted boolean DEFAULT false NOT NULL
;;
ALTER TABLE expense ADD COLUMN paid_from bigint
;;
ALTER TABLE expense ADD COLUMN supplier_ident text
;;
ALTER TABLE opos_case ADD COLUMN opened_on date
;;
ALTER TABLE post_letter ADD COLUMN dunning_letter_ident text
;;
ALTER TABLE tenant_setting ADD COLUMN custom_picture text DEFAULT 'NONE'::text NOT NULL
;;
ALTER TABLE tenant_setting ADD COLUMN custom_picture_minutes integer DEFAULT 60 NOT NULL
;;
ALTER TABLE tenant_setting ADD COLUMN custom_picture_fallback boolean DEFAULT true NOT NULL
;;
ALTER TABLE tenant_setting ADD COLUMN expense_posting text DEFAULT 'NONE'::text NOT NULL
;; autocommit
CREATE INDEX CONCURRENTLY IF NOT EXISTS expense_supplier_ix ON expense (tenant_id, supplier_ident, ident)
;;
CREATE UNIQUE INDEX CONCURRENTLY IF NOT EXISTS post_letter_dunning_letter_key ON post_letter (tenant_id, dunning_letter_ident) WHERE dunning_letter_ident IS NOT NULL
;;
CREATE INDEX CONCURRENTLY IF NOT EXISTS post_letter_unpaid_ix ON post_letter (tenant_id, created_at, ident) WHERE status = 'UNPAID'::text
;;
CREATE INDEX CONCURRENTLY IF NOT EXISTS revenue_title_ix ON revenue (tenant_id, title, ident)
;; transaction
SET LOCAL lock_timeout = '3s'
;;
ALTER TABLE expense ADD CONSTRAINT expense_tenant_id_supplier_ident_fkey FOREIGN KEY (tenant_id, supplier_ident) REFERENCES supplier(tenant_id, ident) NOT VALID
;; autocommit
DO $$ DECLARE tenant bigint; BEGIN
  -- The owner too sees one tenant's rows at a time. Each try is undone, so that the constraint is valid when all were asked.
  FOR tenant IN SELECT id FROM directory.environment WHERE row_security_active('expense') LOOP
    BEGIN
      PERFORM set_config('contor.tenant_id', tenant::text, true);
      ALTER TABLE expense VALIDATE CONSTRAINT expense_tenant_id_supplier_ident_fkey;
      RAISE SQLSTATE 'CT001';
    EXCEPTION WHEN SQLSTATE 'CT001' THEN NULL;
    END;
  END LOOP;
  PERFORM set_config('contor.tenant_id', '0', true);
  ALTER TABLE expense VALIDATE CONSTRAINT expense_tenant_id_supplier_ident_fkey;
END $$
;;
-- Written by hand: what credits of changed contracts took back as rows of the next document is known by the items that were billed on it.
DO $$ DECLARE tenant bigint; BEGIN FOR tenant IN SELECT id FROM directory.environment LOOP
  PERFORM set_config('contor.tenant_id', tenant::text, true);
  INSERT INTO document_netting (tenant_id, document_id, item_ident, netted_document_id, netted_item_ident)
    SELECT c.tenant_id, c.document_id, 'i-' || c.item_id, o.document_id, 'i-' || o.item_id FROM billable_item c
      JOIN billable_item o ON o.tenant_id = c.tenant_id AND o.item_id = c.related_item_id
      JOIN document d ON d.tenant_id = o.tenant_id AND d.id = o.document_id AND d.document_type = 'INVOICE'
      WHERE c.tenant_id = tenant AND c.kind = 'CREDIT' AND c.content ->> 'stands_beside' = 'true' AND c.document_id IS NOT NULL
        AND NOT EXISTS (SELECT 1 FROM document_credit k WHERE k.tenant_id = c.tenant_id AND k.document_id = c.document_id
          AND k.credited_document_id = o.document_id);
END LOOP; END $$
;;
-- Written by hand: charts that were furnished before get the accounts of what suppliers invoice and of balances brought forward, unless the
-- tenant uses their numbers for something else.
DO $$ DECLARE tenant bigint; BEGIN FOR tenant IN SELECT id FROM directory.environment LOOP
  PERFORM set_config('contor.tenant_id', tenant::text, true);
  INSERT INTO booking_account (tenant_id, account_number, currency, account_group, account_type, name, description, opos_account, automatic,
    tax_key, role, created_at, last_modified_at)
  SELECT k.tenant_id, n.number, k.currency, n.grouped, n.kind, n.name, n.description, false, false, NULL, n.role, now(), now()
  FROM booking_account k CROSS JOIN LATERAL (VALUES
    (CASE k.account_number WHEN 4970 THEN 4900 ELSE 6300 END, 'COSTS', 'EXPENSE', 'Sonstige betriebliche Aufwendungen',
      'Other operating expenses', 'EXPENSES'),
    (9008, 'OPENING', 'LIABILITY', 'Saldenvorträge Debitoren', 'Balances brought forward, debtors', 'OPENING_DEBTORS'),
    (9000, 'OPENING', 'LIABILITY', 'Saldenvorträge Sachkonten', 'Balances brought forward', 'OPENING_BALANCES'))
    AS n(number, grouped, kind, name, description, role)
  WHERE k.role = 'BANK_FEES' AND k.account_number IN (4970, 6855) ON CONFLICT DO NOTHING;
END LOOP; END $$

;; transaction
SET LOCAL lock_timeout = '3s'
;;
CREATE TABLE legal_entity_series (
	tenant_id bigint NOT NULL,
	legal_entity text NOT NULL,
	counter_ident text NOT NULL,
	year integer NOT NULL,
	first_value bigint NOT NULL,
	next_value bigint NOT NULL,
	CONSTRAINT legal_entity_series_pkey PRIMARY KEY (tenant_id, legal_entity, counter_ident, year),
	CONSTRAINT legal_entity_series_tenant_id_counter_ident_fkey FOREIGN KEY (tenant_id, counter_ident) REFERENCES number_counter(tenant_id, ident)
)
;;
ALTER TABLE legal_entity_series ENABLE ROW LEVEL SECURITY
;;
ALTER TABLE legal_entity_series FORCE ROW LEVEL SECURITY
;;
CREATE POLICY tenant ON legal_entity_series USING (tenant_id = contor_tenant() AND tenant_id = current_setting('contor.tenant_id'::text)::bigint) WITH CHECK (tenant_id = contor_tenant() AND tenant_id = current_setting('contor.tenant_id'::text)::bigint)
;;
GRANT SELECT, INSERT ON legal_entity_series TO contor_app
;;
GRANT UPDATE (next_value) ON legal_entity_series TO contor_app
;;
ALTER TABLE document ADD COLUMN legal_entity text DEFAULT ''::text NOT NULL
;;
ALTER TABLE operating_site ADD COLUMN legal_entity text DEFAULT ''::text NOT NULL
;; autocommit
CREATE UNIQUE INDEX CONCURRENTLY IF NOT EXISTS document_ident_of_entity_key ON document (tenant_id, ident, legal_entity)
;;
CREATE UNIQUE INDEX CONCURRENTLY IF NOT EXISTS document_number_of_entity_key ON document (tenant_id, counter_ident, number_year, number_value, legal_entity)
;;
CREATE INDEX CONCURRENTLY IF NOT EXISTS opos_case_ident_ix ON opos_case (tenant_id, ident)
;;
DROP INDEX CONCURRENTLY IF EXISTS document_ident_key
;;
DROP INDEX CONCURRENTLY IF EXISTS document_number_key
;;
DROP INDEX CONCURRENTLY IF EXISTS opos_case_ident_key

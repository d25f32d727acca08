;; transaction
SET LOCAL lock_timeout = '3s'
;;
CREATE TABLE oss_crossing (
	tenant_id bigint NOT NULL,
	legal_entity text NOT NULL,
	year integer NOT NULL,
	crossed_on date NOT NULL,
	document_id bigint NOT NULL,
	document_ident text,
	net numeric(19,4) NOT NULL,
	noticed_at timestamp with time zone NOT NULL,
	CONSTRAINT oss_crossing_pkey PRIMARY KEY (tenant_id, legal_entity, year)
)
;;
ALTER TABLE oss_crossing ALTER COLUMN tenant_id SET STATISTICS 0
;;
ALTER TABLE oss_crossing ENABLE ROW LEVEL SECURITY
;;
ALTER TABLE oss_crossing FORCE ROW LEVEL SECURITY
;;
CREATE POLICY tenant ON oss_crossing USING (tenant_id = contor_tenant() AND tenant_id = current_setting('contor.tenant_id'::text)::bigint) WITH CHECK (tenant_id = contor_tenant() AND tenant_id = current_setting('contor.tenant_id'::text)::bigint)
;;
GRANT SELECT, INSERT ON oss_crossing TO contor_app
;;
GRANT UPDATE (document_ident) ON oss_crossing TO contor_app
;;
CREATE TABLE oss_opening (
	tenant_id bigint NOT NULL,
	legal_entity text NOT NULL,
	year integer NOT NULL,
	net numeric(19,4) NOT NULL,
	said_at timestamp with time zone NOT NULL,
	CONSTRAINT oss_opening_pkey PRIMARY KEY (tenant_id, legal_entity, year)
)
;;
ALTER TABLE oss_opening ALTER COLUMN tenant_id SET STATISTICS 0
;;
ALTER TABLE oss_opening ENABLE ROW LEVEL SECURITY
;;
ALTER TABLE oss_opening FORCE ROW LEVEL SECURITY
;;
CREATE POLICY tenant ON oss_opening USING (tenant_id = contor_tenant() AND tenant_id = current_setting('contor.tenant_id'::text)::bigint) WITH CHECK (tenant_id = contor_tenant() AND tenant_id = current_setting('contor.tenant_id'::text)::bigint)
;;
GRANT SELECT, INSERT ON oss_opening TO contor_app
;;
GRANT UPDATE (net, said_at) ON oss_opening TO contor_app
;;
CREATE TABLE oss_supply (
	tenant_id bigint NOT NULL,
	document_id bigint NOT NULL,
	supplied_on date NOT NULL,
	legal_entity text NOT NULL,
	net numeric(19,4) NOT NULL,
	CONSTRAINT oss_supply_pkey PRIMARY KEY (tenant_id, document_id, supplied_on)
)
;;
CREATE INDEX oss_supply_day_ix ON oss_supply (tenant_id, legal_entity, supplied_on, net)
;;
ALTER TABLE oss_supply ALTER COLUMN tenant_id SET STATISTICS 0
;;
ALTER TABLE oss_supply SET (autovacuum_freeze_min_age=0, autovacuum_vacuum_insert_scale_factor=0, autovacuum_vacuum_insert_threshold=20000)
;;
ALTER TABLE oss_supply ENABLE ROW LEVEL SECURITY
;;
ALTER TABLE oss_supply FORCE ROW LEVEL SECURITY
;;
CREATE POLICY tenant ON oss_supply USING (tenant_id = contor_tenant() AND tenant_id = current_setting('contor.tenant_id'::text)::bigint) WITH CHECK (tenant_id = contor_tenant() AND tenant_id = current_setting('contor.tenant_id'::text)::bigint)
;;
GRANT SELECT, INSERT ON oss_supply TO contor_app
;;
CREATE TABLE oss_waiver (
	tenant_id bigint NOT NULL,
	legal_entity text NOT NULL,
	valid_from date NOT NULL,
	valid_until date,
	declared_at timestamp with time zone NOT NULL,
	CONSTRAINT oss_waiver_pkey PRIMARY KEY (tenant_id, legal_entity, valid_from)
)
;;
ALTER TABLE oss_waiver ALTER COLUMN tenant_id SET STATISTICS 0
;;
ALTER TABLE oss_waiver ENABLE ROW LEVEL SECURITY
;;
ALTER TABLE oss_waiver FORCE ROW LEVEL SECURITY
;;
CREATE POLICY tenant ON oss_waiver USING (tenant_id = contor_tenant() AND tenant_id = current_setting('contor.tenant_id'::text)::bigint) WITH CHECK (tenant_id = contor_tenant() AND tenant_id = current_setting('contor.tenant_id'::text)::bigint)
;;
GRANT SELECT, INSERT ON oss_waiver TO contor_app
;;
GRANT UPDATE (valid_until) ON oss_waiver TO contor_app

;; transaction
SET LOCAL lock_timeout = '3s'
;;
CREATE TABLE custom_field (
	tenant_id bigint NOT NULL,
	ident text NOT NULL,
	id bigint NOT NULL,
	kind text NOT NULL,
	key text NOT NULL,
	name text NOT NULL,
	type text NOT NULL,
	options jsonb NOT NULL,
	description text,
	"position" integer DEFAULT 0 NOT NULL,
	created_at timestamp with time zone NOT NULL,
	last_modified_at timestamp with time zone NOT NULL,
	CONSTRAINT custom_field_pkey PRIMARY KEY (tenant_id, ident)
)
;;
CREATE UNIQUE INDEX custom_field_id_key ON custom_field (tenant_id, id)
;;
CREATE UNIQUE INDEX custom_field_key_key ON custom_field (tenant_id, kind, key)
;;
ALTER TABLE custom_field ALTER COLUMN tenant_id SET STATISTICS 0
;;
ALTER TABLE custom_field ENABLE ROW LEVEL SECURITY
;;
ALTER TABLE custom_field FORCE ROW LEVEL SECURITY
;;
CREATE POLICY tenant ON custom_field USING (tenant_id = contor_tenant() AND tenant_id = current_setting('contor.tenant_id'::text)::bigint) WITH CHECK (tenant_id = contor_tenant() AND tenant_id = current_setting('contor.tenant_id'::text)::bigint)
;;
GRANT SELECT, INSERT, UPDATE, DELETE ON custom_field TO contor_app
;;
CREATE TABLE custom_value (
	tenant_id bigint NOT NULL,
	kind text NOT NULL,
	ident text NOT NULL,
	field_ident text NOT NULL,
	value jsonb NOT NULL,
	created_at timestamp with time zone NOT NULL,
	last_modified_at timestamp with time zone NOT NULL,
	CONSTRAINT custom_value_pkey PRIMARY KEY (tenant_id, kind, ident, field_ident),
	CONSTRAINT custom_value_tenant_id_field_ident_fkey FOREIGN KEY (tenant_id, field_ident) REFERENCES custom_field(tenant_id, ident)
)
;;
CREATE INDEX custom_value_field_ix ON custom_value (tenant_id, field_ident)
;;
ALTER TABLE custom_value ALTER COLUMN tenant_id SET STATISTICS 0
;;
ALTER TABLE custom_value ENABLE ROW LEVEL SECURITY
;;
ALTER TABLE custom_value FORCE ROW LEVEL SECURITY
;;
CREATE POLICY tenant ON custom_value USING (tenant_id = contor_tenant() AND tenant_id = current_setting('contor.tenant_id'::text)::bigint) WITH CHECK (tenant_id = contor_tenant() AND tenant_id = current_setting('contor.tenant_id'::text)::bigint)
;;
GRANT SELECT, INSERT, UPDATE, DELETE ON custom_value TO contor_app

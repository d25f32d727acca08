;; transaction
SET LOCAL lock_timeout = '3s'
;;
CREATE TABLE request_attachment (
	tenant_id bigint NOT NULL,
	request_id text NOT NULL,
	"position" integer NOT NULL,
	reference text,
	description text,
	location text,
	name text,
	media_type text,
	size bigint,
	sha256 text,
	CONSTRAINT request_attachment_pkey PRIMARY KEY (tenant_id, request_id, "position"),
	CONSTRAINT request_attachment_tenant_id_request_id_fkey FOREIGN KEY (tenant_id, request_id) REFERENCES document_request(tenant_id, request_id)
)
;;
ALTER TABLE request_attachment ENABLE ROW LEVEL SECURITY
;;
ALTER TABLE request_attachment FORCE ROW LEVEL SECURITY
;;
CREATE POLICY tenant ON request_attachment USING (tenant_id = contor_tenant() AND tenant_id = current_setting('contor.tenant_id'::text)::bigint) WITH CHECK (tenant_id = contor_tenant() AND tenant_id = current_setting('contor.tenant_id'::text)::bigint)
;;
GRANT SELECT, INSERT ON request_attachment TO contor_app
;;
ALTER TABLE document_attachment ADD COLUMN reference text
;;
ALTER TABLE document_attachment ADD COLUMN description text
;;
ALTER TABLE document_attachment ADD COLUMN location text
;;
ALTER TABLE document_attachment ALTER COLUMN name DROP NOT NULL
;;
ALTER TABLE document_attachment ALTER COLUMN media_type DROP NOT NULL
;;
ALTER TABLE document_attachment ALTER COLUMN size DROP NOT NULL
;;
ALTER TABLE document_attachment ALTER COLUMN sha256 DROP NOT NULL

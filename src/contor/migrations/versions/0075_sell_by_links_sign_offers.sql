;; transaction
SET LOCAL lock_timeout = '3s'
;;
CREATE TABLE checkout_cart (
	tenant_id bigint NOT NULL,
	ident text NOT NULL,
	id bigint NOT NULL,
	link_ident text,
	status text NOT NULL,
	currency text NOT NULL,
	content jsonb NOT NULL,
	email text,
	customer_ident text,
	invoice_address_ident text,
	payment_account_ident text,
	contract_ident text,
	order_ident text,
	document_id bigint,
	intent_ident text,
	expires_at timestamp with time zone NOT NULL,
	created_at timestamp with time zone NOT NULL,
	last_modified_at timestamp with time zone NOT NULL,
	completed_at timestamp with time zone,
	paid_at timestamp with time zone,
	CONSTRAINT checkout_cart_pkey PRIMARY KEY (tenant_id, ident)
)
;;
CREATE INDEX checkout_cart_contract_ix ON checkout_cart (tenant_id, contract_ident) WHERE contract_ident IS NOT NULL AND document_id IS NULL
;;
CREATE INDEX checkout_cart_created_ix ON checkout_cart (tenant_id, created_at, ident)
;;
CREATE INDEX checkout_cart_customer_ix ON checkout_cart (tenant_id, customer_ident, created_at, ident)
;;
CREATE INDEX checkout_cart_document_ix ON checkout_cart (tenant_id, document_id) WHERE document_id IS NOT NULL
;;
CREATE INDEX checkout_cart_expires_ix ON checkout_cart (tenant_id, expires_at) WHERE status = ANY (ARRAY['OPEN'::text, 'CONFIRMING'::text, 'REDIRECT_TO_PAYMENT'::text])
;;
CREATE UNIQUE INDEX checkout_cart_id_key ON checkout_cart (tenant_id, id)
;;
CREATE INDEX checkout_cart_status_ix ON checkout_cart (tenant_id, status, created_at, ident)
;;
ALTER TABLE checkout_cart ALTER COLUMN tenant_id SET STATISTICS 0
;;
ALTER TABLE checkout_cart ENABLE ROW LEVEL SECURITY
;;
ALTER TABLE checkout_cart FORCE ROW LEVEL SECURITY
;;
CREATE POLICY tenant ON checkout_cart USING (tenant_id = contor_tenant() AND tenant_id = current_setting('contor.tenant_id'::text)::bigint) WITH CHECK (tenant_id = contor_tenant() AND tenant_id = current_setting('contor.tenant_id'::text)::bigint)
;;
GRANT SELECT, INSERT ON checkout_cart TO contor_app
;;
GRANT UPDATE (completed_at, content, contract_ident, customer_ident, document_id, email, intent_ident, invoice_address_ident, last_modified_at, order_ident, paid_at, payment_account_ident, status) ON checkout_cart TO contor_app
;;
CREATE TABLE checkout_link (
	tenant_id bigint NOT NULL,
	ident text NOT NULL,
	id bigint NOT NULL,
	slug text,
	name text,
	items jsonb NOT NULL,
	options jsonb NOT NULL,
	after_checkout jsonb NOT NULL,
	coupon text,
	metadata jsonb NOT NULL,
	is_enabled boolean NOT NULL,
	expires_at timestamp with time zone,
	created_at timestamp with time zone NOT NULL,
	last_modified_at timestamp with time zone NOT NULL,
	CONSTRAINT checkout_link_pkey PRIMARY KEY (tenant_id, ident)
)
;;
CREATE INDEX checkout_link_created_ix ON checkout_link (tenant_id, created_at, ident)
;;
CREATE UNIQUE INDEX checkout_link_id_key ON checkout_link (tenant_id, id)
;;
CREATE UNIQUE INDEX checkout_link_slug_key ON checkout_link (tenant_id, slug) WHERE slug IS NOT NULL
;;
ALTER TABLE checkout_link ALTER COLUMN tenant_id SET STATISTICS 0
;;
ALTER TABLE checkout_link ENABLE ROW LEVEL SECURITY
;;
ALTER TABLE checkout_link FORCE ROW LEVEL SECURITY
;;
CREATE POLICY tenant ON checkout_link USING (tenant_id = contor_tenant() AND tenant_id = current_setting('contor.tenant_id'::text)::bigint) WITH CHECK (tenant_id = contor_tenant() AND tenant_id = current_setting('contor.tenant_id'::text)::bigint)
;;
GRANT SELECT, INSERT, UPDATE, DELETE ON checkout_link TO contor_app
;;
CREATE TABLE customer_one_time (
	tenant_id bigint NOT NULL,
	customer_ident text NOT NULL,
	purpose text NOT NULL,
	mark text,
	tries integer NOT NULL,
	issued integer NOT NULL,
	first_issued_at timestamp with time zone NOT NULL,
	expires_at timestamp with time zone NOT NULL,
	CONSTRAINT customer_one_time_pkey PRIMARY KEY (tenant_id, customer_ident, purpose)
)
;;
ALTER TABLE customer_one_time ALTER COLUMN tenant_id SET STATISTICS 0
;;
ALTER TABLE customer_one_time ENABLE ROW LEVEL SECURITY
;;
ALTER TABLE customer_one_time FORCE ROW LEVEL SECURITY
;;
CREATE POLICY tenant ON customer_one_time USING (tenant_id = contor_tenant() AND tenant_id = current_setting('contor.tenant_id'::text)::bigint) WITH CHECK (tenant_id = contor_tenant() AND tenant_id = current_setting('contor.tenant_id'::text)::bigint)
;;
GRANT SELECT, INSERT, DELETE ON customer_one_time TO contor_app
;;
GRANT UPDATE (mark, tries) ON customer_one_time TO contor_app
;;
CREATE TABLE proposal (
	tenant_id bigint NOT NULL,
	ident text NOT NULL,
	id bigint NOT NULL,
	number text NOT NULL,
	title text NOT NULL,
	status text NOT NULL,
	customer_ident text,
	content jsonb NOT NULL,
	version integer NOT NULL,
	published_version integer,
	valid_until date,
	net numeric(19,4),
	gross numeric(19,4),
	recurring_net numeric(19,4),
	recurring_gross numeric(19,4),
	reason text,
	contract_ident text,
	order_ident text,
	draft_ident text,
	created_at timestamp with time zone NOT NULL,
	last_modified_at timestamp with time zone NOT NULL,
	CONSTRAINT proposal_pkey PRIMARY KEY (tenant_id, ident)
)
;;
CREATE INDEX proposal_created_ix ON proposal (tenant_id, created_at, ident)
;;
CREATE INDEX proposal_customer_ix ON proposal (tenant_id, customer_ident, created_at, ident)
;;
CREATE UNIQUE INDEX proposal_id_key ON proposal (tenant_id, id)
;;
CREATE UNIQUE INDEX proposal_number_key ON proposal (tenant_id, number)
;;
CREATE INDEX proposal_status_ix ON proposal (tenant_id, status, created_at, ident)
;;
ALTER TABLE proposal ALTER COLUMN tenant_id SET STATISTICS 0
;;
ALTER TABLE proposal ENABLE ROW LEVEL SECURITY
;;
ALTER TABLE proposal FORCE ROW LEVEL SECURITY
;;
CREATE POLICY tenant ON proposal USING (tenant_id = contor_tenant() AND tenant_id = current_setting('contor.tenant_id'::text)::bigint) WITH CHECK (tenant_id = contor_tenant() AND tenant_id = current_setting('contor.tenant_id'::text)::bigint)
;;
GRANT SELECT, INSERT ON proposal TO contor_app
;;
GRANT UPDATE (content, contract_ident, customer_ident, draft_ident, gross, last_modified_at, net, order_ident, published_version, reason, recurring_gross, recurring_net, status, title, valid_until, version) ON proposal TO contor_app
;;
CREATE TABLE proposal_acceptance (
	tenant_id bigint NOT NULL,
	proposal_id bigint NOT NULL,
	version integer NOT NULL,
	sha256 text NOT NULL,
	mode text NOT NULL,
	name text NOT NULL,
	recipient_id bigint,
	address text,
	file_sha256 text,
	accepted_at timestamp with time zone NOT NULL,
	row_hash bytea,
	CONSTRAINT proposal_acceptance_pkey PRIMARY KEY (tenant_id, proposal_id)
)
;;
CREATE INDEX proposal_acceptance_unhashed_ix ON proposal_acceptance (tenant_id) WHERE row_hash IS NULL
;;
ALTER TABLE proposal_acceptance ALTER COLUMN tenant_id SET STATISTICS 0
;;
ALTER TABLE proposal_acceptance SET (autovacuum_freeze_min_age=0, autovacuum_vacuum_insert_scale_factor=0, autovacuum_vacuum_insert_threshold=20000)
;;
ALTER TABLE proposal_acceptance ENABLE ROW LEVEL SECURITY
;;
ALTER TABLE proposal_acceptance FORCE ROW LEVEL SECURITY
;;
CREATE POLICY tenant ON proposal_acceptance USING (tenant_id = contor_tenant() AND tenant_id = current_setting('contor.tenant_id'::text)::bigint) WITH CHECK (tenant_id = contor_tenant() AND tenant_id = current_setting('contor.tenant_id'::text)::bigint)
;;
GRANT SELECT, INSERT ON proposal_acceptance TO contor_app
;;
CREATE TABLE proposal_activity (
	tenant_id bigint NOT NULL,
	id bigint NOT NULL,
	proposal_id bigint NOT NULL,
	kind text NOT NULL,
	actor text NOT NULL,
	version integer,
	detail text,
	at timestamp with time zone NOT NULL,
	CONSTRAINT proposal_activity_pkey PRIMARY KEY (tenant_id, id)
)
;;
CREATE INDEX proposal_activity_proposal_ix ON proposal_activity (tenant_id, proposal_id, id)
;;
ALTER TABLE proposal_activity ALTER COLUMN tenant_id SET STATISTICS 0
;;
ALTER TABLE proposal_activity SET (autovacuum_freeze_min_age=0, autovacuum_vacuum_insert_scale_factor=0, autovacuum_vacuum_insert_threshold=20000)
;;
ALTER TABLE proposal_activity ENABLE ROW LEVEL SECURITY
;;
ALTER TABLE proposal_activity FORCE ROW LEVEL SECURITY
;;
CREATE POLICY tenant ON proposal_activity USING (tenant_id = contor_tenant() AND tenant_id = current_setting('contor.tenant_id'::text)::bigint) WITH CHECK (tenant_id = contor_tenant() AND tenant_id = current_setting('contor.tenant_id'::text)::bigint)
;;
GRANT SELECT, INSERT ON proposal_activity TO contor_app
;;
CREATE TABLE proposal_approval (
	tenant_id bigint NOT NULL,
	proposal_id bigint NOT NULL,
	version integer NOT NULL,
	approver text NOT NULL,
	decision text NOT NULL,
	reason text,
	decided_at timestamp with time zone NOT NULL,
	CONSTRAINT proposal_approval_pkey PRIMARY KEY (tenant_id, proposal_id, version, approver)
)
;;
ALTER TABLE proposal_approval ALTER COLUMN tenant_id SET STATISTICS 0
;;
ALTER TABLE proposal_approval SET (autovacuum_freeze_min_age=0, autovacuum_vacuum_insert_scale_factor=0, autovacuum_vacuum_insert_threshold=20000)
;;
ALTER TABLE proposal_approval ENABLE ROW LEVEL SECURITY
;;
ALTER TABLE proposal_approval FORCE ROW LEVEL SECURITY
;;
CREATE POLICY tenant ON proposal_approval USING (tenant_id = contor_tenant() AND tenant_id = current_setting('contor.tenant_id'::text)::bigint) WITH CHECK (tenant_id = contor_tenant() AND tenant_id = current_setting('contor.tenant_id'::text)::bigint)
;;
GRANT SELECT, INSERT ON proposal_approval TO contor_app
;;
CREATE TABLE proposal_recipient (
	tenant_id bigint NOT NULL,
	id bigint NOT NULL,
	proposal_id bigint NOT NULL,
	email text NOT NULL,
	first_name text,
	last_name text,
	role text NOT NULL,
	invite boolean NOT NULL,
	seen_at timestamp with time zone,
	created_at timestamp with time zone NOT NULL,
	CONSTRAINT proposal_recipient_pkey PRIMARY KEY (tenant_id, id)
)
;;
CREATE INDEX proposal_recipient_proposal_ix ON proposal_recipient (tenant_id, proposal_id, id)
;;
ALTER TABLE proposal_recipient ALTER COLUMN tenant_id SET STATISTICS 0
;;
ALTER TABLE proposal_recipient ENABLE ROW LEVEL SECURITY
;;
ALTER TABLE proposal_recipient FORCE ROW LEVEL SECURITY
;;
CREATE POLICY tenant ON proposal_recipient USING (tenant_id = contor_tenant() AND tenant_id = current_setting('contor.tenant_id'::text)::bigint) WITH CHECK (tenant_id = contor_tenant() AND tenant_id = current_setting('contor.tenant_id'::text)::bigint)
;;
GRANT SELECT, INSERT, DELETE ON proposal_recipient TO contor_app
;;
GRANT UPDATE (seen_at) ON proposal_recipient TO contor_app
;;
CREATE TABLE proposal_template (
	tenant_id bigint NOT NULL,
	ident text NOT NULL,
	id bigint NOT NULL,
	name text NOT NULL,
	content jsonb NOT NULL,
	created_at timestamp with time zone NOT NULL,
	last_modified_at timestamp with time zone NOT NULL,
	CONSTRAINT proposal_template_pkey PRIMARY KEY (tenant_id, ident)
)
;;
CREATE UNIQUE INDEX proposal_template_id_key ON proposal_template (tenant_id, id)
;;
ALTER TABLE proposal_template ALTER COLUMN tenant_id SET STATISTICS 0
;;
ALTER TABLE proposal_template ENABLE ROW LEVEL SECURITY
;;
ALTER TABLE proposal_template FORCE ROW LEVEL SECURITY
;;
CREATE POLICY tenant ON proposal_template USING (tenant_id = contor_tenant() AND tenant_id = current_setting('contor.tenant_id'::text)::bigint) WITH CHECK (tenant_id = contor_tenant() AND tenant_id = current_setting('contor.tenant_id'::text)::bigint)
;;
GRANT SELECT, INSERT, UPDATE, DELETE ON proposal_template TO contor_app
;;
CREATE TABLE proposal_version (
	tenant_id bigint NOT NULL,
	proposal_id bigint NOT NULL,
	version integer NOT NULL,
	content text NOT NULL,
	sha256 text NOT NULL,
	created_at timestamp with time zone NOT NULL,
	row_hash bytea,
	CONSTRAINT proposal_version_pkey PRIMARY KEY (tenant_id, proposal_id, version)
)
;;
CREATE INDEX proposal_version_unhashed_ix ON proposal_version (tenant_id) WHERE row_hash IS NULL
;;
ALTER TABLE proposal_version ALTER COLUMN tenant_id SET STATISTICS 0
;;
ALTER TABLE proposal_version SET (autovacuum_freeze_min_age=0, autovacuum_vacuum_insert_scale_factor=0, autovacuum_vacuum_insert_threshold=20000)
;;
ALTER TABLE proposal_version ENABLE ROW LEVEL SECURITY
;;
ALTER TABLE proposal_version FORCE ROW LEVEL SECURITY
;;
CREATE POLICY tenant ON proposal_version USING (tenant_id = contor_tenant() AND tenant_id = current_setting('contor.tenant_id'::text)::bigint) WITH CHECK (tenant_id = contor_tenant() AND tenant_id = current_setting('contor.tenant_id'::text)::bigint)
;;
GRANT SELECT, INSERT ON proposal_version TO contor_app
;; autocommit
CREATE INDEX CONCURRENTLY IF NOT EXISTS customer_email_ix ON customer (tenant_id, lower(email))

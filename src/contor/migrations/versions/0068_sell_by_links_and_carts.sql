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
;; autocommit
CREATE INDEX CONCURRENTLY IF NOT EXISTS customer_email_ix ON customer (tenant_id, lower(email))

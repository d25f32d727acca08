;; transaction
SET LOCAL lock_timeout = '3s'
;;
ALTER TABLE contract ADD COLUMN standing integer DEFAULT 0 NOT NULL
;;
ALTER TABLE contract ADD COLUMN trial_until date
;;
ALTER TABLE contract ADD COLUMN payment_type text DEFAULT 'BANK_TRANSFER'::text NOT NULL
;; autocommit
-- By hand: contracts that are there say where they stand
DO $$ DECLARE tenant bigint; BEGIN FOR tenant IN SELECT id FROM directory.environment WHERE row_security_active('contract') LOOP
  PERFORM set_config('contor.tenant_id', tenant::text, true);
  UPDATE contract SET standing = CASE WHEN end_kind = 'CANCELLED' THEN 4 WHEN end_on IS NOT NULL THEN 3 WHEN start_on IS NULL THEN 0
    WHEN content #> '{life,pauses,0}' IS NOT NULL THEN 2 ELSE 1 END,
    trial_until = (content #>> '{life,trial,until}')::date,
    payment_type = coalesce(content #>> '{payment_information,payment_type}', 'BANK_TRANSFER')
  WHERE (standing, trial_until, payment_type) IS DISTINCT FROM (CASE WHEN end_kind = 'CANCELLED' THEN 4 WHEN end_on IS NOT NULL THEN 3 WHEN start_on IS NULL THEN 0
    WHEN content #> '{life,pauses,0}' IS NOT NULL THEN 2 ELSE 1 END,
    (content #>> '{life,trial,until}')::date, coalesce(content #>> '{payment_information,payment_type}', 'BANK_TRANSFER'));
END LOOP; PERFORM set_config('contor.tenant_id', '', true); END $$
;;
CREATE INDEX CONCURRENTLY IF NOT EXISTS checkout_link_name_ix ON checkout_link (tenant_id, name, ident)
;;
CREATE INDEX CONCURRENTLY IF NOT EXISTS contract_created_ix ON contract (tenant_id, created_at, contract_id)
;;
CREATE INDEX CONCURRENTLY IF NOT EXISTS contract_payment_ix ON contract (tenant_id, payment_type, contract_id)
;;
CREATE INDEX CONCURRENTLY IF NOT EXISTS contract_standing_ix ON contract (tenant_id, standing, end_on, contract_id)
;;
CREATE INDEX CONCURRENTLY IF NOT EXISTS contract_trial_ix ON contract (tenant_id, trial_until, contract_id)
;;
CREATE INDEX CONCURRENTLY IF NOT EXISTS cost_centre_created_ix ON cost_centre (tenant_id, created_at, code)
;;
CREATE INDEX CONCURRENTLY IF NOT EXISTS cost_centre_name_ix ON cost_centre (tenant_id, name, code)
;;
CREATE INDEX CONCURRENTLY IF NOT EXISTS coupon_created_ix ON coupon (tenant_id, created_at, code)
;;
CREATE INDEX CONCURRENTLY IF NOT EXISTS coupon_name_ix ON coupon (tenant_id, name, code)
;;
CREATE INDEX CONCURRENTLY IF NOT EXISTS dunning_letter_customer_ix_new ON dunning_letter (tenant_id, customer_ident, status, letter_id)
;;
CREATE INDEX CONCURRENTLY IF NOT EXISTS feature_created_ix ON feature (tenant_id, created_at, ident)
;;
CREATE INDEX CONCURRENTLY IF NOT EXISTS filed_paper_created_ix ON filed_paper (tenant_id, created_at, ident)
;;
CREATE INDEX CONCURRENTLY IF NOT EXISTS filed_paper_title_ix ON filed_paper (tenant_id, title, ident)
;;
CREATE INDEX CONCURRENTLY IF NOT EXISTS measurement_created_ix ON measurement (tenant_id, created_at, code)
;;
CREATE INDEX CONCURRENTLY IF NOT EXISTS notification_created_ix ON notification (tenant_id, created_at, sequence)
;;
CREATE INDEX CONCURRENTLY IF NOT EXISTS payment_attempt_paid_out_ix ON payment_attempt (tenant_id, created_at, key) WHERE mandate_reference IS NULL AND message_ident IS NOT NULL
;;
CREATE INDEX CONCURRENTLY IF NOT EXISTS payment_intent_account_ix ON payment_intent (tenant_id, customer_account_ident, created_at, ident)
;;
CREATE INDEX CONCURRENTLY IF NOT EXISTS payment_intent_customer_ix ON payment_intent (tenant_id, customer_ident, created_at, ident)
;;
CREATE INDEX CONCURRENTLY IF NOT EXISTS payment_method_account_ix ON payment_method (tenant_id, account_ident) WHERE account_ident IS NOT NULL
;;
CREATE INDEX CONCURRENTLY IF NOT EXISTS payment_method_created_ix_new ON payment_method (tenant_id, created_at, ident)
;;
CREATE INDEX CONCURRENTLY IF NOT EXISTS payment_method_gateway_ix ON payment_method (tenant_id, gateway, created_at, ident)
;;
CREATE INDEX CONCURRENTLY IF NOT EXISTS payment_method_type_ix ON payment_method (tenant_id, type, created_at, ident)
;;
CREATE INDEX CONCURRENTLY IF NOT EXISTS product_created_ix ON product (tenant_id, created_at, ident)
;;
CREATE INDEX CONCURRENTLY IF NOT EXISTS product_family_created_ix ON product_family (tenant_id, created_at, ident)
;;
CREATE INDEX CONCURRENTLY IF NOT EXISTS product_family_name_ix ON product_family (tenant_id, name, ident)
;;
CREATE INDEX CONCURRENTLY IF NOT EXISTS product_plan_created_ix ON product_plan (tenant_id, created_at, code)
;;
CREATE INDEX CONCURRENTLY IF NOT EXISTS product_plan_name_ix ON product_plan (tenant_id, name, code)
;;
CREATE INDEX CONCURRENTLY IF NOT EXISTS product_price_created_ix ON product_price (tenant_id, created_at, ident)
;;
CREATE INDEX CONCURRENTLY IF NOT EXISTS proposal_template_name_ix ON proposal_template (tenant_id, name, ident)
;;
CREATE INDEX CONCURRENTLY IF NOT EXISTS tax_group_created_ix ON tax_group (tenant_id, created_at, ident)
;;
CREATE INDEX CONCURRENTLY IF NOT EXISTS unit_created_ix ON unit (tenant_id, created_at, ident)
;;
CREATE INDEX CONCURRENTLY IF NOT EXISTS unit_name_ix ON unit (tenant_id, name, ident)
;;
CREATE INDEX CONCURRENTLY IF NOT EXISTS usage_import_created_ix ON usage_import (tenant_id, created_at, ident)
;; transaction
SET LOCAL lock_timeout = '3s'
;;
DROP INDEX IF EXISTS dunning_letter_customer_ix
;;
ALTER INDEX dunning_letter_customer_ix_new RENAME TO dunning_letter_customer_ix
;;
DROP INDEX IF EXISTS payment_method_created_ix
;;
ALTER INDEX payment_method_created_ix_new RENAME TO payment_method_created_ix

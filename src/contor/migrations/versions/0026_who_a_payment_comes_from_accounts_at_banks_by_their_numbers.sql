;; transaction
SET LOCAL lock_timeout = '3s'
;;
ALTER TABLE merchant_payment_account ADD COLUMN iban text
;;
ALTER TABLE merchant_payment_account ADD COLUMN bic text
;;
ALTER TABLE merchant_payment_account ADD COLUMN other_idents jsonb
;;
ALTER TABLE merchant_payment_account ADD CONSTRAINT merchant_payment_account_other_idents_filled CHECK (other_idents IS NOT NULL) NOT VALID
;;
ALTER TABLE payment ADD COLUMN counterpart_name text
;;
ALTER TABLE payment ADD COLUMN counterpart_iban text
;;
ALTER TABLE payment ADD COLUMN counterpart_iban_key text
;;
ALTER TABLE payment ADD COLUMN counterpart_account text
;;
ALTER TABLE payment ADD COLUMN counterpart_bic text
;;
ALTER TABLE payment ADD COLUMN end_to_end_ident text
;;
ALTER TABLE payment ADD COLUMN mandate_reference text
;;
ALTER TABLE payment ADD COLUMN provider_reference text
;;
ALTER TABLE payment ADD COLUMN return_reason text
;;
ALTER TABLE payment ADD COLUMN parent_ident text
;;
ALTER TABLE payment ADD COLUMN ledger_amount numeric(19,4)
;;
ALTER TABLE payment ADD COLUMN category text
;;
GRANT UPDATE (category) ON payment TO contor_app
;; autocommit
DO $$ DECLARE tenant bigint; BEGIN FOR tenant IN SELECT id FROM directory.environment LOOP
  PERFORM set_config('contor.tenant_id', tenant::text, true); UPDATE merchant_payment_account SET other_idents = '[]' WHERE other_idents IS NULL;
END LOOP; END $$
;;
ALTER TABLE merchant_payment_account VALIDATE CONSTRAINT merchant_payment_account_other_idents_filled
;;
CREATE INDEX CONCURRENTLY IF NOT EXISTS payment_end_to_end_ix ON payment (tenant_id, end_to_end_ident, ident) WHERE end_to_end_ident IS NOT NULL
;;
CREATE INDEX CONCURRENTLY IF NOT EXISTS payment_parent_ix ON payment (tenant_id, parent_ident, ident) WHERE parent_ident IS NOT NULL
;;
CREATE INDEX CONCURRENTLY IF NOT EXISTS payment_provider_reference_ix ON payment (tenant_id, provider_reference, ident) WHERE provider_reference IS NOT NULL
;; transaction
SET LOCAL lock_timeout = '3s'
;;
ALTER TABLE merchant_payment_account ALTER COLUMN other_idents SET NOT NULL
;;
ALTER TABLE merchant_payment_account DROP CONSTRAINT merchant_payment_account_other_idents_filled

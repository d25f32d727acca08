;; transaction
SET LOCAL lock_timeout = '3s'
;;
ALTER TABLE deposit_receipt ADD COLUMN ledger_tax numeric(19,4)
;;
ALTER TABLE deposit_receipt ADD COLUMN ledger_gross numeric(19,4)

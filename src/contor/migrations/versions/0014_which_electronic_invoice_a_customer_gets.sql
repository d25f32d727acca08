;; transaction
SET LOCAL lock_timeout = '3s'
;;
ALTER TABLE customer ADD COLUMN e_invoice_format text

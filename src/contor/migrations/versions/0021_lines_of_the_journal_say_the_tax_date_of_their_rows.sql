;; transaction
SET LOCAL lock_timeout = '3s'
;;
ALTER TABLE journal_line ADD COLUMN tax_date date

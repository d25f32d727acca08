;; transaction
SET LOCAL lock_timeout = '3s'
;;
ALTER TABLE payment_file ADD COLUMN blob text
;;
ALTER TABLE payment_status_report ADD COLUMN blob text
;;
ALTER TABLE settlement_upload ADD COLUMN blob text

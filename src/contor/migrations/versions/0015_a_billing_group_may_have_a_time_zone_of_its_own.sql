;; transaction
SET LOCAL lock_timeout = '3s'
;;
ALTER TABLE billing_group ADD COLUMN time_zone text

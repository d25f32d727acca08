;; transaction
SET LOCAL lock_timeout = '3s'
;;
ALTER TABLE tenant_setting ADD COLUMN trial_notice_days integer DEFAULT 3 NOT NULL

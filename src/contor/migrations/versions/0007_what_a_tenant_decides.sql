;; transaction
SET LOCAL lock_timeout = '3s'
;;
ALTER TABLE tenant_setting ADD COLUMN document_date_zone text DEFAULT 'UTC'::text NOT NULL
;;
ALTER TABLE tenant_setting ADD COLUMN backdating_limit_months integer DEFAULT 24 NOT NULL
;;
ALTER TABLE tenant_setting ADD COLUMN settings_valid_from jsonb DEFAULT '{}'::jsonb NOT NULL

;; transaction
SET LOCAL lock_timeout = '3s'
;;
ALTER TABLE directory.environment ADD COLUMN request_plan text DEFAULT 'AUTOMATIC'::text NOT NULL
;;
GRANT UPDATE (request_plan) ON directory.environment TO contor_app
;;
ALTER TABLE directory.organization ADD COLUMN email text

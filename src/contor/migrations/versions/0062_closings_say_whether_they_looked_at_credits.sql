;; transaction
SET LOCAL lock_timeout = '3s'
;;
ALTER TABLE posting_period ADD COLUMN took_back boolean DEFAULT false NOT NULL
;;
GRANT UPDATE (took_back) ON posting_period TO contor_app

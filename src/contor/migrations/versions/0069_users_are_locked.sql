;; transaction
SET LOCAL lock_timeout = '3s'
;;
ALTER TABLE directory.membership ADD COLUMN locked_at timestamp with time zone
;;
GRANT UPDATE (locked_at) ON directory.membership TO contor_app

;; transaction
SET LOCAL lock_timeout = '3s'
;;
REVOKE INSERT, UPDATE, DELETE ON infra.alembic_version FROM contor_app

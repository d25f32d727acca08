;; transaction
SET LOCAL lock_timeout = '3s'
;;
ALTER TABLE collection_run_item RESET (autovacuum_freeze_min_age, autovacuum_vacuum_insert_scale_factor, autovacuum_vacuum_insert_threshold)
;;
GRANT UPDATE (balance, collection_date, outcome, reason) ON collection_run_item TO contor_app

;; transaction
SET LOCAL lock_timeout = '3s'
;;
-- Writes the whole table anew, seconds for each million of cases: a column that the server itself keeps is never behind the balance.
ALTER TABLE opos_case ADD COLUMN amount_key text GENERATED ALWAYS AS ((currency || ' '::text) || trim_scale(balance)::text) STORED
;; autocommit
DROP INDEX CONCURRENTLY IF EXISTS opos_case_amount_ix
;;
CREATE INDEX CONCURRENTLY IF NOT EXISTS opos_case_amount_key_ix ON opos_case (tenant_id, amount_key, due_date) WHERE status = 'OPEN'::text

;; transaction
SET LOCAL lock_timeout = '3s'
;;
ALTER TABLE customer_payment_account ADD COLUMN health_code text
;;
ALTER TABLE payment_file ADD COLUMN given_up integer DEFAULT 0 NOT NULL
;;
GRANT UPDATE (given_up) ON payment_file TO contor_app
;;
ALTER TABLE dunning_handover ADD COLUMN taken_back_on date
;;
ALTER TABLE dunning_handover RESET (autovacuum_freeze_min_age, autovacuum_vacuum_insert_scale_factor, autovacuum_vacuum_insert_threshold)
;;
GRANT UPDATE (taken_back_on) ON dunning_handover TO contor_app
;; autocommit
CREATE UNIQUE INDEX CONCURRENTLY IF NOT EXISTS dunning_handover_pkey_new ON dunning_handover (tenant_id, document_id, run_ident)
;;
CREATE UNIQUE INDEX CONCURRENTLY IF NOT EXISTS dunning_handover_standing_key ON dunning_handover (tenant_id, document_id) WHERE taken_back_on IS NULL
;; transaction
SET LOCAL lock_timeout = '3s'
;;
ALTER TABLE dunning_handover DROP CONSTRAINT dunning_handover_pkey
;;
ALTER TABLE dunning_handover ADD CONSTRAINT dunning_handover_pkey PRIMARY KEY USING INDEX dunning_handover_pkey_new

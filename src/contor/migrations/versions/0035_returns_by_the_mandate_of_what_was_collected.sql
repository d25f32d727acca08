;; autocommit
CREATE INDEX CONCURRENTLY IF NOT EXISTS payment_attempt_mandate_ix ON payment_attempt (tenant_id, mandate_reference, key) WHERE mandate_reference IS NOT NULL

;; autocommit
CREATE INDEX CONCURRENTLY IF NOT EXISTS contract_end_ix ON contract (tenant_id, end_on, contract_id)
;;
CREATE INDEX CONCURRENTLY IF NOT EXISTS contract_plan_ix ON contract (tenant_id, plan_id)
;;
CREATE INDEX CONCURRENTLY IF NOT EXISTS contract_start_ix ON contract (tenant_id, start_on, contract_id)

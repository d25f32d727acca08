;; autocommit
CREATE INDEX CONCURRENTLY IF NOT EXISTS revenue_title_ix ON revenue (tenant_id, title, ident)

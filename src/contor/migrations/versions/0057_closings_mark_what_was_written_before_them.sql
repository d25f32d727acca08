;; transaction
SET LOCAL lock_timeout = '3s'
;;
ALTER TABLE posting_period ADD COLUMN closing_mark bigint
;;
ALTER TABLE posting_period ADD CONSTRAINT posting_period_closing_mark_filled CHECK (closing_mark IS NOT NULL) NOT VALID
;; autocommit
-- Written by hand: a month that is closed already was closed behind what had come by then, by the clock.
DO $$ DECLARE tenant bigint; BEGIN FOR tenant IN SELECT id FROM directory.environment LOOP
  PERFORM set_config('contor.tenant_id', tenant::text, true);
  UPDATE posting_period p SET closing_mark = 1 + greatest(
    (SELECT max(m.id) FROM opos_movement m WHERE m.tenant_id = p.tenant_id AND m.created_at < p.closing_at),
    (SELECT max(m.move_id) FROM dunning_claim_move m WHERE m.tenant_id = p.tenant_id AND m.created_at < p.closing_at),
    0) WHERE closing_mark IS NULL;
END LOOP; END $$
;;
ALTER TABLE posting_period VALIDATE CONSTRAINT posting_period_closing_mark_filled
;; transaction
SET LOCAL lock_timeout = '3s'
;;
ALTER TABLE posting_period ALTER COLUMN closing_mark SET NOT NULL
;;
ALTER TABLE posting_period DROP CONSTRAINT posting_period_closing_mark_filled

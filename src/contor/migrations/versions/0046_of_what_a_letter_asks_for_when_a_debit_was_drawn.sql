;; transaction
SET LOCAL lock_timeout = '3s'
;;
ALTER TABLE dunning_item ADD COLUMN interest_deducted numeric(19,4), ADD COLUMN earlier_fees numeric(19,4), ADD COLUMN earlier_flat numeric(19,4), ADD COLUMN earlier_interest numeric(19,4), ADD COLUMN return_costs numeric(19,4), ADD COLUMN earlier_interest_from date, ADD COLUMN earlier_interest_until date
;;
ALTER TABLE dunning_return ADD COLUMN drawn_on date

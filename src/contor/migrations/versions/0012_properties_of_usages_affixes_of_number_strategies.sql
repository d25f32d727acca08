;; transaction
SET LOCAL lock_timeout = '3s'
;;
ALTER TABLE number_strategy ADD COLUMN prefix text
;;
ALTER TABLE number_strategy ADD COLUMN suffix text
;;
ALTER TABLE usage ADD COLUMN properties jsonb

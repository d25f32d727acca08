;; transaction
SET LOCAL lock_timeout = '3s'
;;
ALTER TABLE notification_delivery ADD COLUMN body text
;;
GRANT UPDATE (body) ON notification_delivery TO contor_app
;;
ALTER TABLE notification_route ADD COLUMN user_name text
;;
ALTER TABLE notification_route ADD COLUMN password text

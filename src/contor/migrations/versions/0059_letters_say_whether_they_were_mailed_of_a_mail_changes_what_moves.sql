;; transaction
SET LOCAL lock_timeout = '3s'
;;
ALTER TABLE dunning_letter ADD COLUMN sent_at timestamp with time zone
;;
ALTER TABLE dunning_letter ADD COLUMN recipient text
;;
ALTER TABLE dunning_letter ADD COLUMN not_sent_reason text
;;
GRANT UPDATE (not_sent_reason, recipient, sent_at) ON dunning_letter TO contor_app
;;
REVOKE UPDATE ON mail FROM contor_app
;;
GRANT UPDATE (delivered_to, due_at, facts, first_try_at, held_until, holder, is_ending, last_modified_at, message_id, reason, resends, sent_at, status, subject, tries) ON mail TO contor_app

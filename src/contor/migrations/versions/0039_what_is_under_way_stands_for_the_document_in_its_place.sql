;; transaction
SET LOCAL lock_timeout = '3s'
;;
GRANT UPDATE (document_ident) ON payment_attempt TO contor_app
;;
GRANT UPDATE (document_id, document_ident) ON payment_intent TO contor_app
;;
GRANT UPDATE (document_id, document_ident) ON payment_intent_task TO contor_app

;; transaction
SET LOCAL lock_timeout = '3s'
;;
ALTER TABLE address ALTER COLUMN tenant_id SET STATISTICS 0
;;
ALTER TABLE aggregation_configuration ALTER COLUMN tenant_id SET STATISTICS 0
;;
ALTER TABLE agreed_deposit ALTER COLUMN tenant_id SET STATISTICS 0
;;
ALTER TABLE assignment_configuration ALTER COLUMN tenant_id SET STATISTICS 0
;;
ALTER TABLE audit_entry ALTER COLUMN tenant_id SET STATISTICS 0
;;
ALTER TABLE audit_entry SET (autovacuum_freeze_min_age=0, autovacuum_vacuum_insert_scale_factor=0, autovacuum_vacuum_insert_threshold=20000)
;;
ALTER TABLE billable_item ALTER COLUMN tenant_id SET STATISTICS 0
;;
ALTER TABLE billing_acceptance ALTER COLUMN tenant_id SET STATISTICS 0
;;
ALTER TABLE billing_group ALTER COLUMN tenant_id SET STATISTICS 0
;;
ALTER TABLE billing_parking ALTER COLUMN tenant_id SET STATISTICS 0
;;
ALTER TABLE billing_run ALTER COLUMN tenant_id SET STATISTICS 0
;;
ALTER TABLE billing_run_customer ALTER COLUMN tenant_id SET STATISTICS 0
;;
ALTER TABLE booking_account ALTER COLUMN tenant_id SET STATISTICS 0
;;
ALTER TABLE business_segment ALTER COLUMN tenant_id SET STATISTICS 0
;;
ALTER TABLE chain_link ALTER COLUMN tenant_id SET STATISTICS 0
;;
ALTER TABLE chain_link SET (autovacuum_freeze_min_age=0, autovacuum_vacuum_insert_scale_factor=0, autovacuum_vacuum_insert_threshold=20000)
;;
ALTER TABLE check_run ALTER COLUMN tenant_id SET STATISTICS 0
;;
ALTER TABLE commission_base ALTER COLUMN tenant_id SET STATISTICS 0
;;
ALTER TABLE commission_base SET (autovacuum_freeze_min_age=0, autovacuum_vacuum_insert_scale_factor=0, autovacuum_vacuum_insert_threshold=20000)
;;
ALTER TABLE contract ALTER COLUMN tenant_id SET STATISTICS 0
;;
ALTER TABLE contract_allowance ALTER COLUMN tenant_id SET STATISTICS 0
;;
ALTER TABLE contract_relation ALTER COLUMN tenant_id SET STATISTICS 0
;;
ALTER TABLE customer ALTER COLUMN tenant_id SET STATISTICS 0
;;
ALTER TABLE deposit_receipt ALTER COLUMN tenant_id SET STATISTICS 0
;;
ALTER TABLE directory.audit_entry SET (autovacuum_freeze_min_age=0, autovacuum_vacuum_insert_scale_factor=0, autovacuum_vacuum_insert_threshold=20000)
;;
ALTER TABLE directory.event SET (autovacuum_freeze_min_age=0, autovacuum_vacuum_insert_scale_factor=0, autovacuum_vacuum_insert_threshold=20000)
;;
ALTER TABLE directory.work_mark SET (autovacuum_vacuum_scale_factor=0, autovacuum_vacuum_threshold=1000)
;;
ALTER TABLE document ALTER COLUMN tenant_id SET STATISTICS 0
;;
ALTER TABLE document SET (fillfactor=90)
;;
ALTER TABLE document_attachment ALTER COLUMN tenant_id SET STATISTICS 0
;;
ALTER TABLE document_attachment SET (autovacuum_freeze_min_age=0, autovacuum_vacuum_insert_scale_factor=0, autovacuum_vacuum_insert_threshold=20000)
;;
ALTER TABLE document_content ALTER COLUMN tenant_id SET STATISTICS 0
;;
ALTER TABLE document_content SET (autovacuum_freeze_min_age=0, autovacuum_vacuum_insert_scale_factor=0, autovacuum_vacuum_insert_threshold=20000)
;;
ALTER TABLE document_credit ALTER COLUMN tenant_id SET STATISTICS 0
;;
ALTER TABLE document_credit SET (autovacuum_freeze_min_age=0, autovacuum_vacuum_insert_scale_factor=0, autovacuum_vacuum_insert_threshold=20000)
;;
ALTER TABLE document_discount ALTER COLUMN tenant_id SET STATISTICS 0
;;
ALTER TABLE document_discount SET (autovacuum_freeze_min_age=0, autovacuum_vacuum_insert_scale_factor=0, autovacuum_vacuum_insert_threshold=20000)
;;
ALTER TABLE document_file ALTER COLUMN tenant_id SET STATISTICS 0
;;
ALTER TABLE document_file SET (autovacuum_freeze_min_age=0, autovacuum_vacuum_insert_scale_factor=0, autovacuum_vacuum_insert_threshold=20000)
;;
ALTER TABLE document_label ALTER COLUMN tenant_id SET STATISTICS 0
;;
ALTER TABLE document_master ALTER COLUMN tenant_id SET STATISTICS 0
;;
ALTER TABLE document_master SET (autovacuum_freeze_min_age=0, autovacuum_vacuum_insert_scale_factor=0, autovacuum_vacuum_insert_threshold=20000)
;;
ALTER TABLE document_origin ALTER COLUMN tenant_id SET STATISTICS 0
;;
ALTER TABLE document_origin SET (autovacuum_freeze_min_age=0, autovacuum_vacuum_insert_scale_factor=0, autovacuum_vacuum_insert_threshold=20000)
;;
ALTER TABLE document_output_configuration ALTER COLUMN tenant_id SET STATISTICS 0
;;
ALTER TABLE document_queue ALTER COLUMN tenant_id SET STATISTICS 0
;;
ALTER TABLE document_queue SET (autovacuum_vacuum_scale_factor=0, autovacuum_vacuum_threshold=1000)
;;
ALTER TABLE document_refusal ALTER COLUMN tenant_id SET STATISTICS 0
;;
ALTER TABLE document_refusal SET (autovacuum_freeze_min_age=0, autovacuum_vacuum_insert_scale_factor=0, autovacuum_vacuum_insert_threshold=20000)
;;
ALTER TABLE document_reissue ALTER COLUMN tenant_id SET STATISTICS 0
;;
ALTER TABLE document_reissue SET (autovacuum_freeze_min_age=0, autovacuum_vacuum_insert_scale_factor=0, autovacuum_vacuum_insert_threshold=20000)
;;
ALTER TABLE document_relation ALTER COLUMN tenant_id SET STATISTICS 0
;;
ALTER TABLE document_relation SET (autovacuum_freeze_min_age=0, autovacuum_vacuum_insert_scale_factor=0, autovacuum_vacuum_insert_threshold=20000)
;;
ALTER TABLE document_request ALTER COLUMN tenant_id SET STATISTICS 0
;;
ALTER TABLE document_request SET (autovacuum_freeze_min_age=0, autovacuum_vacuum_insert_scale_factor=0, autovacuum_vacuum_insert_threshold=20000)
;;
ALTER TABLE document_said ALTER COLUMN tenant_id SET STATISTICS 0
;;
ALTER TABLE document_said SET (autovacuum_freeze_min_age=0, autovacuum_vacuum_insert_scale_factor=0, autovacuum_vacuum_insert_threshold=20000)
;;
ALTER TABLE draft ALTER COLUMN tenant_id SET STATISTICS 0
;;
ALTER TABLE event ALTER COLUMN tenant_id SET STATISTICS 0
;;
ALTER TABLE event SET (autovacuum_freeze_min_age=0, autovacuum_vacuum_insert_scale_factor=0, autovacuum_vacuum_insert_threshold=20000)
;;
ALTER TABLE exchange_rate ALTER COLUMN tenant_id SET STATISTICS 0
;;
ALTER TABLE holder_attachment ALTER COLUMN tenant_id SET STATISTICS 0
;;
ALTER TABLE idempotency_key ALTER COLUMN tenant_id SET STATISTICS 0
;;
ALTER TABLE journal_counter ALTER COLUMN tenant_id SET STATISTICS 0
;;
ALTER TABLE journal_entry ALTER COLUMN tenant_id SET STATISTICS 0
;;
ALTER TABLE journal_entry SET (autovacuum_freeze_min_age=0, autovacuum_vacuum_insert_scale_factor=0, autovacuum_vacuum_insert_threshold=20000)
;;
ALTER TABLE journal_line ALTER COLUMN tenant_id SET STATISTICS 0
;;
ALTER TABLE journal_line SET (autovacuum_freeze_min_age=0, autovacuum_vacuum_insert_scale_factor=0, autovacuum_vacuum_insert_threshold=20000)
;;
ALTER TABLE legal_entity_series ALTER COLUMN tenant_id SET STATISTICS 0
;;
ALTER TABLE line_item ALTER COLUMN tenant_id SET STATISTICS 0
;;
ALTER TABLE merchant_payment_account ALTER COLUMN tenant_id SET STATISTICS 0
;;
ALTER TABLE number_counter ALTER COLUMN tenant_id SET STATISTICS 0
;;
ALTER TABLE number_series ALTER COLUMN tenant_id SET STATISTICS 0
;;
ALTER TABLE number_strategy ALTER COLUMN tenant_id SET STATISTICS 0
;;
ALTER TABLE operating_site ALTER COLUMN tenant_id SET STATISTICS 0
;;
ALTER TABLE opos_case ALTER COLUMN tenant_id SET STATISTICS 0
;;
ALTER TABLE opos_case SET (fillfactor=90)
;;
ALTER TABLE opos_movement ALTER COLUMN tenant_id SET STATISTICS 0
;;
ALTER TABLE opos_movement SET (autovacuum_freeze_min_age=0, autovacuum_vacuum_insert_scale_factor=0, autovacuum_vacuum_insert_threshold=20000)
;;
ALTER TABLE payment ALTER COLUMN tenant_id SET STATISTICS 0
;;
ALTER TABLE payment SET (fillfactor=90)
;;
ALTER TABLE payment_assignment ALTER COLUMN tenant_id SET STATISTICS 0
;;
ALTER TABLE personal_account_counter ALTER COLUMN tenant_id SET STATISTICS 0
;;
ALTER TABLE plan ALTER COLUMN tenant_id SET STATISTICS 0
;;
ALTER TABLE plan_option ALTER COLUMN tenant_id SET STATISTICS 0
;;
ALTER TABLE plan_option_link ALTER COLUMN tenant_id SET STATISTICS 0
;;
ALTER TABLE plan_option_version ALTER COLUMN tenant_id SET STATISTICS 0
;;
ALTER TABLE price_adaptation ALTER COLUMN tenant_id SET STATISTICS 0
;;
ALTER TABLE price_adaptation_value ALTER COLUMN tenant_id SET STATISTICS 0
;;
ALTER TABLE rated_usage ALTER COLUMN tenant_id SET STATISTICS 0
;;
ALTER TABLE rated_usage_aggregation ALTER COLUMN tenant_id SET STATISTICS 0
;;
ALTER TABLE regex_matching_strategy ALTER COLUMN tenant_id SET STATISTICS 0
;;
ALTER TABLE request_attachment ALTER COLUMN tenant_id SET STATISTICS 0
;;
ALTER TABLE request_attachment SET (autovacuum_freeze_min_age=0, autovacuum_vacuum_insert_scale_factor=0, autovacuum_vacuum_insert_threshold=20000)
;;
ALTER TABLE sales_order ALTER COLUMN tenant_id SET STATISTICS 0
;;
ALTER TABLE tax_registration ALTER COLUMN tenant_id SET STATISTICS 0
;;
ALTER TABLE tenant_setting ALTER COLUMN tenant_id SET STATISTICS 0
;;
ALTER TABLE usage ALTER COLUMN tenant_id SET STATISTICS 0
;;
-- The table of jobs is emptied all the time, too.
ALTER TABLE infra.pgqueuer SET (autovacuum_vacuum_scale_factor=0, autovacuum_vacuum_threshold=1000)

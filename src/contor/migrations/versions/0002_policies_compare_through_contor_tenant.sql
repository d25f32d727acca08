;; transaction
SET LOCAL lock_timeout = '3s'
;;
CREATE OR REPLACE FUNCTION public.contor_tenant()
 RETURNS bigint
 LANGUAGE sql
 STABLE PARALLEL SAFE
AS $function$ SELECT pg_catalog.current_setting('contor.tenant_id')::bigint $function$
;;
ALTER POLICY tenant ON address USING (tenant_id = contor_tenant() AND tenant_id = current_setting('contor.tenant_id'::text)::bigint) WITH CHECK (tenant_id = contor_tenant() AND tenant_id = current_setting('contor.tenant_id'::text)::bigint)
;;
ALTER POLICY tenant ON aggregation_configuration USING (tenant_id = contor_tenant() AND tenant_id = current_setting('contor.tenant_id'::text)::bigint) WITH CHECK (tenant_id = contor_tenant() AND tenant_id = current_setting('contor.tenant_id'::text)::bigint)
;;
ALTER POLICY tenant ON agreed_deposit USING (tenant_id = contor_tenant() AND tenant_id = current_setting('contor.tenant_id'::text)::bigint) WITH CHECK (tenant_id = contor_tenant() AND tenant_id = current_setting('contor.tenant_id'::text)::bigint)
;;
ALTER POLICY tenant ON assignment_configuration USING (tenant_id = contor_tenant() AND tenant_id = current_setting('contor.tenant_id'::text)::bigint) WITH CHECK (tenant_id = contor_tenant() AND tenant_id = current_setting('contor.tenant_id'::text)::bigint)
;;
ALTER POLICY tenant ON audit_entry USING (tenant_id = contor_tenant() AND tenant_id = current_setting('contor.tenant_id'::text)::bigint) WITH CHECK (tenant_id = contor_tenant() AND tenant_id = current_setting('contor.tenant_id'::text)::bigint)
;;
ALTER POLICY tenant ON billable_item USING (tenant_id = contor_tenant() AND tenant_id = current_setting('contor.tenant_id'::text)::bigint) WITH CHECK (tenant_id = contor_tenant() AND tenant_id = current_setting('contor.tenant_id'::text)::bigint)
;;
ALTER POLICY tenant ON billing_group USING (tenant_id = contor_tenant() AND tenant_id = current_setting('contor.tenant_id'::text)::bigint) WITH CHECK (tenant_id = contor_tenant() AND tenant_id = current_setting('contor.tenant_id'::text)::bigint)
;;
ALTER POLICY tenant ON billing_parking USING (tenant_id = contor_tenant() AND tenant_id = current_setting('contor.tenant_id'::text)::bigint) WITH CHECK (tenant_id = contor_tenant() AND tenant_id = current_setting('contor.tenant_id'::text)::bigint)
;;
ALTER POLICY tenant ON billing_run USING (tenant_id = contor_tenant() AND tenant_id = current_setting('contor.tenant_id'::text)::bigint) WITH CHECK (tenant_id = contor_tenant() AND tenant_id = current_setting('contor.tenant_id'::text)::bigint)
;;
ALTER POLICY tenant ON billing_run_customer USING (tenant_id = contor_tenant() AND tenant_id = current_setting('contor.tenant_id'::text)::bigint) WITH CHECK (tenant_id = contor_tenant() AND tenant_id = current_setting('contor.tenant_id'::text)::bigint)
;;
ALTER POLICY tenant ON booking_account USING (tenant_id = contor_tenant() AND tenant_id = current_setting('contor.tenant_id'::text)::bigint) WITH CHECK (tenant_id = contor_tenant() AND tenant_id = current_setting('contor.tenant_id'::text)::bigint)
;;
ALTER POLICY tenant ON business_segment USING (tenant_id = contor_tenant() AND tenant_id = current_setting('contor.tenant_id'::text)::bigint) WITH CHECK (tenant_id = contor_tenant() AND tenant_id = current_setting('contor.tenant_id'::text)::bigint)
;;
ALTER POLICY tenant ON commission_base USING (tenant_id = contor_tenant() AND tenant_id = current_setting('contor.tenant_id'::text)::bigint) WITH CHECK (tenant_id = contor_tenant() AND tenant_id = current_setting('contor.tenant_id'::text)::bigint)
;;
ALTER POLICY tenant ON contract USING (tenant_id = contor_tenant() AND tenant_id = current_setting('contor.tenant_id'::text)::bigint) WITH CHECK (tenant_id = contor_tenant() AND tenant_id = current_setting('contor.tenant_id'::text)::bigint)
;;
ALTER POLICY tenant ON contract_allowance USING (tenant_id = contor_tenant() AND tenant_id = current_setting('contor.tenant_id'::text)::bigint) WITH CHECK (tenant_id = contor_tenant() AND tenant_id = current_setting('contor.tenant_id'::text)::bigint)
;;
ALTER POLICY tenant ON contract_relation USING (tenant_id = contor_tenant() AND tenant_id = current_setting('contor.tenant_id'::text)::bigint) WITH CHECK (tenant_id = contor_tenant() AND tenant_id = current_setting('contor.tenant_id'::text)::bigint)
;;
ALTER POLICY tenant ON customer USING (tenant_id = contor_tenant() AND tenant_id = current_setting('contor.tenant_id'::text)::bigint) WITH CHECK (tenant_id = contor_tenant() AND tenant_id = current_setting('contor.tenant_id'::text)::bigint)
;;
ALTER POLICY tenant ON deposit_receipt USING (tenant_id = contor_tenant() AND tenant_id = current_setting('contor.tenant_id'::text)::bigint) WITH CHECK (tenant_id = contor_tenant() AND tenant_id = current_setting('contor.tenant_id'::text)::bigint)
;;
ALTER POLICY tenant ON document USING (tenant_id = contor_tenant() AND tenant_id = current_setting('contor.tenant_id'::text)::bigint) WITH CHECK (tenant_id = contor_tenant() AND tenant_id = current_setting('contor.tenant_id'::text)::bigint)
;;
ALTER POLICY tenant ON document_attachment USING (tenant_id = contor_tenant() AND tenant_id = current_setting('contor.tenant_id'::text)::bigint) WITH CHECK (tenant_id = contor_tenant() AND tenant_id = current_setting('contor.tenant_id'::text)::bigint)
;;
ALTER POLICY tenant ON document_content USING (tenant_id = contor_tenant() AND tenant_id = current_setting('contor.tenant_id'::text)::bigint) WITH CHECK (tenant_id = contor_tenant() AND tenant_id = current_setting('contor.tenant_id'::text)::bigint)
;;
ALTER POLICY tenant ON document_credit USING (tenant_id = contor_tenant() AND tenant_id = current_setting('contor.tenant_id'::text)::bigint) WITH CHECK (tenant_id = contor_tenant() AND tenant_id = current_setting('contor.tenant_id'::text)::bigint)
;;
ALTER POLICY tenant ON document_file USING (tenant_id = contor_tenant() AND tenant_id = current_setting('contor.tenant_id'::text)::bigint) WITH CHECK (tenant_id = contor_tenant() AND tenant_id = current_setting('contor.tenant_id'::text)::bigint)
;;
ALTER POLICY tenant ON document_label USING (tenant_id = contor_tenant() AND tenant_id = current_setting('contor.tenant_id'::text)::bigint) WITH CHECK (tenant_id = contor_tenant() AND tenant_id = current_setting('contor.tenant_id'::text)::bigint)
;;
ALTER POLICY tenant ON document_master USING (tenant_id = contor_tenant() AND tenant_id = current_setting('contor.tenant_id'::text)::bigint) WITH CHECK (tenant_id = contor_tenant() AND tenant_id = current_setting('contor.tenant_id'::text)::bigint)
;;
ALTER POLICY tenant ON document_output_configuration USING (tenant_id = contor_tenant() AND tenant_id = current_setting('contor.tenant_id'::text)::bigint) WITH CHECK (tenant_id = contor_tenant() AND tenant_id = current_setting('contor.tenant_id'::text)::bigint)
;;
ALTER POLICY tenant ON document_queue USING (tenant_id = contor_tenant() AND tenant_id = current_setting('contor.tenant_id'::text)::bigint) WITH CHECK (tenant_id = contor_tenant() AND tenant_id = current_setting('contor.tenant_id'::text)::bigint)
;;
ALTER POLICY tenant ON document_refusal USING (tenant_id = contor_tenant() AND tenant_id = current_setting('contor.tenant_id'::text)::bigint) WITH CHECK (tenant_id = contor_tenant() AND tenant_id = current_setting('contor.tenant_id'::text)::bigint)
;;
ALTER POLICY tenant ON document_reissue USING (tenant_id = contor_tenant() AND tenant_id = current_setting('contor.tenant_id'::text)::bigint) WITH CHECK (tenant_id = contor_tenant() AND tenant_id = current_setting('contor.tenant_id'::text)::bigint)
;;
ALTER POLICY tenant ON document_relation USING (tenant_id = contor_tenant() AND tenant_id = current_setting('contor.tenant_id'::text)::bigint) WITH CHECK (tenant_id = contor_tenant() AND tenant_id = current_setting('contor.tenant_id'::text)::bigint)
;;
ALTER POLICY tenant ON document_request USING (tenant_id = contor_tenant() AND tenant_id = current_setting('contor.tenant_id'::text)::bigint) WITH CHECK (tenant_id = contor_tenant() AND tenant_id = current_setting('contor.tenant_id'::text)::bigint)
;;
ALTER POLICY tenant ON event USING (tenant_id = contor_tenant() AND tenant_id = current_setting('contor.tenant_id'::text)::bigint) WITH CHECK (tenant_id = contor_tenant() AND tenant_id = current_setting('contor.tenant_id'::text)::bigint)
;;
ALTER POLICY tenant ON holder_attachment USING (tenant_id = contor_tenant() AND tenant_id = current_setting('contor.tenant_id'::text)::bigint) WITH CHECK (tenant_id = contor_tenant() AND tenant_id = current_setting('contor.tenant_id'::text)::bigint)
;;
ALTER POLICY tenant ON idempotency_key USING (tenant_id = contor_tenant() AND tenant_id = current_setting('contor.tenant_id'::text)::bigint) WITH CHECK (tenant_id = contor_tenant() AND tenant_id = current_setting('contor.tenant_id'::text)::bigint)
;;
ALTER POLICY tenant ON journal_counter USING (tenant_id = contor_tenant() AND tenant_id = current_setting('contor.tenant_id'::text)::bigint) WITH CHECK (tenant_id = contor_tenant() AND tenant_id = current_setting('contor.tenant_id'::text)::bigint)
;;
ALTER POLICY tenant ON journal_entry USING (tenant_id = contor_tenant() AND tenant_id = current_setting('contor.tenant_id'::text)::bigint) WITH CHECK (tenant_id = contor_tenant() AND tenant_id = current_setting('contor.tenant_id'::text)::bigint)
;;
ALTER POLICY tenant ON journal_line USING (tenant_id = contor_tenant() AND tenant_id = current_setting('contor.tenant_id'::text)::bigint) WITH CHECK (tenant_id = contor_tenant() AND tenant_id = current_setting('contor.tenant_id'::text)::bigint)
;;
ALTER POLICY tenant ON line_item USING (tenant_id = contor_tenant() AND tenant_id = current_setting('contor.tenant_id'::text)::bigint) WITH CHECK (tenant_id = contor_tenant() AND tenant_id = current_setting('contor.tenant_id'::text)::bigint)
;;
ALTER POLICY tenant ON merchant_payment_account USING (tenant_id = contor_tenant() AND tenant_id = current_setting('contor.tenant_id'::text)::bigint) WITH CHECK (tenant_id = contor_tenant() AND tenant_id = current_setting('contor.tenant_id'::text)::bigint)
;;
ALTER POLICY tenant ON number_counter USING (tenant_id = contor_tenant() AND tenant_id = current_setting('contor.tenant_id'::text)::bigint) WITH CHECK (tenant_id = contor_tenant() AND tenant_id = current_setting('contor.tenant_id'::text)::bigint)
;;
ALTER POLICY tenant ON number_series USING (tenant_id = contor_tenant() AND tenant_id = current_setting('contor.tenant_id'::text)::bigint) WITH CHECK (tenant_id = contor_tenant() AND tenant_id = current_setting('contor.tenant_id'::text)::bigint)
;;
ALTER POLICY tenant ON number_strategy USING (tenant_id = contor_tenant() AND tenant_id = current_setting('contor.tenant_id'::text)::bigint) WITH CHECK (tenant_id = contor_tenant() AND tenant_id = current_setting('contor.tenant_id'::text)::bigint)
;;
ALTER POLICY tenant ON operating_site USING (tenant_id = contor_tenant() AND tenant_id = current_setting('contor.tenant_id'::text)::bigint) WITH CHECK (tenant_id = contor_tenant() AND tenant_id = current_setting('contor.tenant_id'::text)::bigint)
;;
ALTER POLICY tenant ON opos_case USING (tenant_id = contor_tenant() AND tenant_id = current_setting('contor.tenant_id'::text)::bigint) WITH CHECK (tenant_id = contor_tenant() AND tenant_id = current_setting('contor.tenant_id'::text)::bigint)
;;
ALTER POLICY tenant ON opos_movement USING (tenant_id = contor_tenant() AND tenant_id = current_setting('contor.tenant_id'::text)::bigint) WITH CHECK (tenant_id = contor_tenant() AND tenant_id = current_setting('contor.tenant_id'::text)::bigint)
;;
ALTER POLICY tenant ON payment USING (tenant_id = contor_tenant() AND tenant_id = current_setting('contor.tenant_id'::text)::bigint) WITH CHECK (tenant_id = contor_tenant() AND tenant_id = current_setting('contor.tenant_id'::text)::bigint)
;;
ALTER POLICY tenant ON payment_assignment USING (tenant_id = contor_tenant() AND tenant_id = current_setting('contor.tenant_id'::text)::bigint) WITH CHECK (tenant_id = contor_tenant() AND tenant_id = current_setting('contor.tenant_id'::text)::bigint)
;;
ALTER POLICY tenant ON personal_account_counter USING (tenant_id = contor_tenant() AND tenant_id = current_setting('contor.tenant_id'::text)::bigint) WITH CHECK (tenant_id = contor_tenant() AND tenant_id = current_setting('contor.tenant_id'::text)::bigint)
;;
ALTER POLICY tenant ON plan USING (tenant_id = contor_tenant() AND tenant_id = current_setting('contor.tenant_id'::text)::bigint) WITH CHECK (tenant_id = contor_tenant() AND tenant_id = current_setting('contor.tenant_id'::text)::bigint)
;;
ALTER POLICY tenant ON plan_option USING (tenant_id = contor_tenant() AND tenant_id = current_setting('contor.tenant_id'::text)::bigint) WITH CHECK (tenant_id = contor_tenant() AND tenant_id = current_setting('contor.tenant_id'::text)::bigint)
;;
ALTER POLICY tenant ON plan_option_link USING (tenant_id = contor_tenant() AND tenant_id = current_setting('contor.tenant_id'::text)::bigint) WITH CHECK (tenant_id = contor_tenant() AND tenant_id = current_setting('contor.tenant_id'::text)::bigint)
;;
ALTER POLICY tenant ON plan_option_version USING (tenant_id = contor_tenant() AND tenant_id = current_setting('contor.tenant_id'::text)::bigint) WITH CHECK (tenant_id = contor_tenant() AND tenant_id = current_setting('contor.tenant_id'::text)::bigint)
;;
ALTER POLICY tenant ON price_adaptation USING (tenant_id = contor_tenant() AND tenant_id = current_setting('contor.tenant_id'::text)::bigint) WITH CHECK (tenant_id = contor_tenant() AND tenant_id = current_setting('contor.tenant_id'::text)::bigint)
;;
ALTER POLICY tenant ON price_adaptation_value USING (tenant_id = contor_tenant() AND tenant_id = current_setting('contor.tenant_id'::text)::bigint) WITH CHECK (tenant_id = contor_tenant() AND tenant_id = current_setting('contor.tenant_id'::text)::bigint)
;;
ALTER POLICY tenant ON rated_usage USING (tenant_id = contor_tenant() AND tenant_id = current_setting('contor.tenant_id'::text)::bigint) WITH CHECK (tenant_id = contor_tenant() AND tenant_id = current_setting('contor.tenant_id'::text)::bigint)
;;
ALTER POLICY tenant ON rated_usage_aggregation USING (tenant_id = contor_tenant() AND tenant_id = current_setting('contor.tenant_id'::text)::bigint) WITH CHECK (tenant_id = contor_tenant() AND tenant_id = current_setting('contor.tenant_id'::text)::bigint)
;;
ALTER POLICY tenant ON regex_matching_strategy USING (tenant_id = contor_tenant() AND tenant_id = current_setting('contor.tenant_id'::text)::bigint) WITH CHECK (tenant_id = contor_tenant() AND tenant_id = current_setting('contor.tenant_id'::text)::bigint)
;;
ALTER POLICY tenant ON sales_order USING (tenant_id = contor_tenant() AND tenant_id = current_setting('contor.tenant_id'::text)::bigint) WITH CHECK (tenant_id = contor_tenant() AND tenant_id = current_setting('contor.tenant_id'::text)::bigint)
;;
ALTER POLICY tenant ON tax_registration USING (tenant_id = contor_tenant() AND tenant_id = current_setting('contor.tenant_id'::text)::bigint) WITH CHECK (tenant_id = contor_tenant() AND tenant_id = current_setting('contor.tenant_id'::text)::bigint)
;;
ALTER POLICY tenant ON tenant_setting USING (tenant_id = contor_tenant() AND tenant_id = current_setting('contor.tenant_id'::text)::bigint) WITH CHECK (tenant_id = contor_tenant() AND tenant_id = current_setting('contor.tenant_id'::text)::bigint)
;;
ALTER POLICY tenant ON usage USING (tenant_id = contor_tenant() AND tenant_id = current_setting('contor.tenant_id'::text)::bigint) WITH CHECK (tenant_id = contor_tenant() AND tenant_id = current_setting('contor.tenant_id'::text)::bigint)

;; transaction
-- Written by hand: charts that were furnished before get the account of triangular supplies (section 25b UStG), unless the tenant uses its
-- number for something else.
DO $$ DECLARE tenant bigint; BEGIN FOR tenant IN SELECT id FROM directory.environment LOOP
  PERFORM set_config('contor.tenant_id', tenant::text, true);
  INSERT INTO booking_account (tenant_id, account_number, currency, account_group, account_type, name, description, opos_account, automatic,
    tax_key, role, created_at, last_modified_at)
  SELECT k.tenant_id, k.account_number + 5, k.currency, k.account_group, k.account_type,
    'Lieferungen des ersten Abnehmers bei Dreiecksgeschäften § 25b Abs. 2 UStG', 'Triangular supplies', false, true, 'AE-25B',
    'REVENUE_TRIANGULAR', now(), now()
  FROM booking_account k WHERE k.role = 'REVENUE_INTRA_COMMUNITY' AND k.account_number IN (8125, 4125) ON CONFLICT DO NOTHING;
END LOOP; END $$

-- Billing data and credit of a customer change only as an agreed change or merge says (C8, C11). Arguments: prefix of the fields
-- in `changes`, column of the party, then the guarded columns. No setting of the session opens this door: what counts is
-- a submitted change or merge with as many reviews of its content as were asked for, naming exactly this value before and after.
CREATE OR REPLACE FUNCTION guard_customer_data() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  the_party bigint := (to_jsonb(OLD) ->> TG_ARGV[1])::bigint;
  was jsonb := to_jsonb(OLD); becomes jsonb; field text; place int; agreed jsonb;
BEGIN
  IF TG_OP = 'DELETE' THEN
    RAISE EXCEPTION 'customer % is never deleted', the_party USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'customer_kept';
  END IF;
  becomes := to_jsonb(NEW);
  FOR place IN 2 .. TG_NARGS - 1 LOOP
    field := TG_ARGV[place];
    CONTINUE WHEN was ->> field IS NOT DISTINCT FROM becomes ->> field;
    IF TG_ARGV[0] = 'party' AND NOT EXISTS (SELECT 1 FROM customers_customer c WHERE c.party_id = the_party) THEN
      RETURN NEW;  -- no customer (yet): suppliers have a file of their own
    END IF;
    SELECT c.changes -> (TG_ARGV[0] || '.' || field) INTO agreed
      FROM (SELECT id, party_id, changes, state, round, fingerprint, 'apply_customer_change' AS step FROM customers_customerchange
            UNION ALL SELECT id, party_id, changes, state, round, fingerprint, 'merge_customers' FROM customers_customermerge) AS c
      JOIN review_requirement q ON q.record_id = c.id AND q.step = c.step AND q.round = c.round
     WHERE c.party_id = the_party AND c.state = 'submitted' AND c.fingerprint <> ''
       AND (SELECT count(DISTINCT v.person_id) FROM review_review v WHERE v.record_id = c.id AND v.step = q.step
             AND v.round = c.round AND v.fingerprint = c.fingerprint) >= q.needed;
    IF agreed IS NULL OR agreed ->> 0 IS DISTINCT FROM was ->> field OR agreed ->> 1 IS DISTINCT FROM becomes ->> field THEN
      RAISE EXCEPTION '% of customer % changes only by an agreed change', field, the_party
        USING ERRCODE = 'check_violation', CONSTRAINT = 'customer_two_people';
    END IF;
  END LOOP;
  RETURN NEW;
END $$;

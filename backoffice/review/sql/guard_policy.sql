-- A review policy changes only as a second person has agreed to, in this very transaction; the owner may lay down the first rows.
CREATE OR REPLACE FUNCTION guard_policy() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  the_step text := CASE WHEN TG_OP = 'DELETE' THEN OLD.step ELSE NEW.step END;
  the_amount numeric := CASE WHEN TG_OP = 'DELETE' THEN OLD.amount_from ELSE NEW.amount_from END;
BEGIN
  IF current_user = (SELECT tableowner FROM pg_tables WHERE schemaname = 'public' AND tablename = TG_TABLE_NAME) THEN
    RETURN CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END;
  END IF;
  IF TG_OP = 'UPDATE' AND (OLD.step, OLD.amount_from) <> (NEW.step, NEW.amount_from) OR NOT EXISTS (
    SELECT 1 FROM review_policychange c
     WHERE c.step = the_step AND c.amount_from = the_amount AND c.is_agreed AND c.decided_at >= transaction_timestamp()
       AND (TG_OP = 'DELETE' AND c.needed = 0 OR TG_OP <> 'DELETE' AND c.needed = NEW.needed AND c.roles = NEW.roles)
  ) THEN
    RAISE EXCEPTION 'the review policy of % is changed by two people only', the_step USING ERRCODE = 'check_violation', CONSTRAINT = 'policy_two_people';
  END IF;
  RETURN CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END;
END $$;

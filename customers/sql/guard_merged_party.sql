-- A party is merged into another only as a merge says that is submitted and agreed to; and for good.
CREATE OR REPLACE FUNCTION guard_merged_party() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'INSERT' AND NEW.merged_into_id IS NULL OR TG_OP = 'UPDATE' AND NEW.merged_into_id IS NOT DISTINCT FROM OLD.merged_into_id THEN
    RETURN NEW;
  END IF;
  IF TG_OP = 'INSERT' OR OLD.merged_into_id IS NOT NULL OR NOT EXISTS (
       SELECT 1 FROM customers_customermerge m
         JOIN review_requirement q ON q.record_id = m.id AND q.step = 'merge_customers' AND q.round = m.round
        WHERE m.merged_id = NEW.id AND m.party_id = NEW.merged_into_id AND m.state = 'submitted' AND m.fingerprint <> ''
          AND (SELECT count(DISTINCT v.person_id) FROM review_review v WHERE v.record_id = m.id AND v.step = q.step
                AND v.round = m.round AND v.fingerprint = m.fingerprint) >= q.needed) THEN
    RAISE EXCEPTION 'party % is merged by an agreed merge only, and once', NEW.id
      USING ERRCODE = 'check_violation', CONSTRAINT = 'merge_two_people';
  END IF;
  RETURN NEW;
END $$;

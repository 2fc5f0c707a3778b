-- A reviewer had no hand in what they review, it does not stand in their name, and the review was asked for.
CREATE OR REPLACE FUNCTION guard_reviewer() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF EXISTS (SELECT 1 FROM review_hand h WHERE h.record_id = NEW.record_id AND h.round = NEW.round AND h.person_id = NEW.person_id)
     OR EXISTS (SELECT 1 FROM register_record r WHERE r.id = NEW.record_id AND NEW.person_id IN (r.author_id, r.salesperson_id)) THEN
    RAISE EXCEPTION 'person % had a hand in document % and cannot review it', NEW.person_id, NEW.record_id
      USING ERRCODE = 'check_violation', CONSTRAINT = 'reviewer_is_another';
  END IF;
  IF NOT EXISTS (SELECT 1 FROM review_requirement q JOIN people_person p ON p.id = NEW.person_id
                 WHERE q.record_id = NEW.record_id AND q.step = NEW.step AND q.round = NEW.round
                   AND p.is_active AND p.roles && q.roles) THEN
    RAISE EXCEPTION 'person % is not asked to review % of document %', NEW.person_id, NEW.step, NEW.record_id
      USING ERRCODE = 'check_violation', CONSTRAINT = 'reviewer_is_asked';
  END IF;
  RETURN NEW;
END $$;

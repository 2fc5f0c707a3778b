-- A number is given after the one before it, and never beyond what the counter says.
CREATE OR REPLACE FUNCTION number_follows() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NOT EXISTS (SELECT 1 FROM numbering_counter c WHERE c.series_id = NEW.series_id AND c.year = NEW.year AND c.last >= NEW.place)
     OR NEW.place > 1 AND NOT EXISTS (SELECT 1 FROM numbering_given g WHERE g.series_id = NEW.series_id AND g.year = NEW.year AND g.place = NEW.place - 1) THEN
    RAISE EXCEPTION 'number % of % does not follow the last one', NEW.place, NEW.year USING ERRCODE = 'check_violation', CONSTRAINT = 'number_follows';
  END IF;
  RETURN NULL;
END $$;

-- A counter only goes up.
CREATE OR REPLACE FUNCTION counter_goes_up() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'DELETE' OR NEW.last <= OLD.last OR (NEW.series_id, NEW.year) <> (OLD.series_id, OLD.year) THEN
    RAISE EXCEPTION 'a counter of numbers only goes up' USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'counter_goes_up';
  END IF;
  RETURN NEW;
END $$;

-- At commit: the counter stands at a number that was given.
CREATE OR REPLACE FUNCTION counter_was_used() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NOT EXISTS (SELECT 1 FROM numbering_given g JOIN numbering_counter c USING (series_id, year) WHERE c.id = NEW.id AND g.place = c.last) THEN
    RAISE EXCEPTION 'number % of % was taken and not given', NEW.last, NEW.year USING ERRCODE = 'check_violation', CONSTRAINT = 'counter_was_used';
  END IF;
  RETURN NULL;
END $$;

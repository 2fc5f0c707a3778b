-- What was agreed changes only with an amendment in force: asked at the end of the transaction, whoever wrote.
CREATE OR REPLACE FUNCTION contract_amended() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  the record; in_force int; agreed numeric;
BEGIN
  IF OLD.state = 'amending' AND NEW.edition <> OLD.edition + 1 THEN
    RAISE EXCEPTION 'contract % was opened for an amendment that did not come', NEW.id USING ERRCODE = 'check_violation', CONSTRAINT = 'contract_amended';
  END IF;
  IF OLD.state <> 'amending' AND NEW.state <> 'amending' AND NEW.edition = OLD.edition THEN RETURN NULL; END IF;
  SELECT * INTO the FROM contracts_contract WHERE id = NEW.id;
  SELECT count(*), (array_agg(amount ORDER BY edition DESC))[1] INTO in_force, agreed
    FROM contracts_amendment WHERE contract_id = NEW.id AND state = 'effective';
  IF the.state = 'amending' OR the.edition <> 1 + in_force OR in_force > 0 AND the.amount <> agreed THEN
    RAISE EXCEPTION 'contract %: edition % with % amendments in force', NEW.id, the.edition, in_force USING ERRCODE = 'check_violation', CONSTRAINT = 'contract_amended';
  END IF;
  RETURN NULL;
END $$;

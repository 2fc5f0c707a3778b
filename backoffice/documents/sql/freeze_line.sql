-- Lines change only while their document may. Arguments: column of the document, counters that steps move.
-- A line may be added in the transaction that makes its document, whatever the state (past documents taken over).
CREATE OR REPLACE FUNCTION freeze_line() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  parent bigint; counters text[] := string_to_array(TG_ARGV[1], ',');
  allowed boolean;
BEGIN
  parent := (to_jsonb(CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END) ->> TG_ARGV[0])::bigint;
  IF TG_OP = 'UPDATE' AND to_jsonb(OLD) - counters = to_jsonb(NEW) - counters THEN RETURN NEW; END IF;
  SELECT s.is_editable OR (TG_OP = 'INSERT' AND r.xid = pg_current_xact_id()::text::bigint) INTO allowed
    FROM register_record r JOIN documents_knownstate s ON s.kind = r.kind AND s.state = r.state WHERE r.id = parent;
  IF TG_OP = 'UPDATE' AND (to_jsonb(OLD) ->> TG_ARGV[0])::bigint <> parent THEN allowed := false; END IF;
  IF allowed IS NOT TRUE THEN
    RAISE EXCEPTION 'the lines of document % are fixed', parent USING ERRCODE = 'check_violation', CONSTRAINT = 'lines_frozen';
  END IF;
  RETURN CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END;
END $$;

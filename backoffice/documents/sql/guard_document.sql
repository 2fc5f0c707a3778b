-- The lifecycle, held by PostgreSQL for whatever writes. Arguments: kind, columns that steps may move, columns that lead to a
-- party (comma-separated): of fixed content these alone follow, and only when that party was merged into another.
CREATE OR REPLACE FUNCTION guard_document() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  the_kind text := TG_ARGV[0];
  movable text[] := string_to_array('state,number,version,round,fingerprint,submitted_by_id,submitted_at,changed_at,dossier_id,' || TG_ARGV[1], ',');
  the_step text := coalesce(current_setting('backoffice.step', true), '');
  reviewed boolean; wanted int; given int; was_open boolean; is_open boolean; successor bigint;
BEGIN
  IF TG_OP = 'DELETE' THEN
    RAISE EXCEPTION '% % is never deleted', the_kind, OLD.id USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'document_kept';
  END IF;
  IF TG_OP = 'INSERT' THEN
    IF NEW.opening_id IS NULL AND NOT EXISTS (SELECT 1 FROM documents_knownstate s WHERE s.kind = the_kind AND s.state = NEW.state AND s.is_initial) THEN
      RAISE EXCEPTION 'a % begins in its first state, not in %', the_kind, NEW.state USING ERRCODE = 'check_violation', CONSTRAINT = 'document_begins';
    END IF;
    SELECT p.merged_into_id INTO successor FROM parties_party p WHERE p.id = NEW.party_id FOR KEY SHARE;
    IF successor IS NOT NULL THEN
      RAISE EXCEPTION 'party % was merged into %', NEW.party_id, successor USING ERRCODE = 'check_violation', CONSTRAINT = 'party_is_merged';
    END IF;
    RETURN NEW;
  END IF;
  IF OLD.number IS NOT NULL AND NEW.number IS DISTINCT FROM OLD.number OR NEW.opening_id IS DISTINCT FROM OLD.opening_id
     OR NEW.author_id <> OLD.author_id THEN
    RAISE EXCEPTION 'number, author and origin of % % do not change', the_kind, OLD.id USING ERRCODE = 'check_violation', CONSTRAINT = 'document_identity';
  END IF;
  SELECT s.is_editable INTO was_open FROM documents_knownstate s WHERE s.kind = the_kind AND s.state = OLD.state;
  SELECT s.is_editable INTO is_open FROM documents_knownstate s WHERE s.kind = the_kind AND s.state = NEW.state;
  -- Agreements belong to a round and a content: a new round begins with each return, and a content once named stays that of its round.
  IF NEW.round <> OLD.round + (is_open AND NOT was_open)::int OR OLD.fingerprint NOT IN ('', NEW.fingerprint) AND NOT (is_open AND NEW.fingerprint = '') THEN
    RAISE EXCEPTION 'round and fingerprint of % % move with its steps only', the_kind, OLD.id USING ERRCODE = 'check_violation', CONSTRAINT = 'document_round';
  END IF;
  IF NEW.state <> OLD.state THEN
    SELECT t.is_reviewed INTO reviewed FROM documents_transition t
     WHERE t.kind = the_kind AND t.step = the_step AND t.source = OLD.state AND t.target = NEW.state;
    IF reviewed IS NULL THEN
      RAISE EXCEPTION '%: no step «%» leads from % to %', the_kind, the_step, OLD.state, NEW.state USING ERRCODE = 'check_violation', CONSTRAINT = 'document_step';
    END IF;
    IF reviewed THEN
      SELECT q.needed INTO wanted FROM review_requirement q WHERE q.record_id = OLD.id AND q.step = the_step AND q.round = OLD.round;
      SELECT count(DISTINCT v.person_id) INTO given FROM review_review v
       WHERE v.record_id = OLD.id AND v.step = the_step AND v.round = OLD.round AND v.fingerprint = OLD.fingerprint;
      IF wanted IS NULL OR given < wanted THEN
        RAISE EXCEPTION '% %: % of % reviews', the_kind, OLD.id, given, wanted USING ERRCODE = 'check_violation', CONSTRAINT = 'document_reviewed';
      END IF;
    END IF;
  END IF;
  IF NOT was_open AND to_jsonb(OLD) - movable <> to_jsonb(NEW) - movable AND EXISTS (
       SELECT 1 FROM jsonb_each_text(to_jsonb(OLD) - movable) AS o (key, was) JOIN jsonb_each_text(to_jsonb(NEW) - movable) AS n (key, now) USING (key)
        WHERE o.was IS DISTINCT FROM n.now AND NOT EXISTS (SELECT 1 FROM parties_party p
               WHERE p.id = CASE WHEN key = ANY (string_to_array(TG_ARGV[2], ',')) THEN o.was::bigint END
                 AND p.merged_into_id = CASE WHEN key = ANY (string_to_array(TG_ARGV[2], ',')) THEN n.now::bigint END)) THEN
    RAISE EXCEPTION '% % is «%»: its content is fixed', the_kind, OLD.id, OLD.state USING ERRCODE = 'check_violation', CONSTRAINT = 'document_frozen';
  END IF;
  RETURN NEW;
END $$;

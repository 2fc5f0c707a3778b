-- Keeps one register row per document. Argument: the kind of document. Runs as the owner: nobody else may write there.
CREATE OR REPLACE FUNCTION register_document() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  IF TG_OP = 'DELETE' THEN
    DELETE FROM register_record WHERE id = OLD.id;
    RETURN NULL;
  END IF;
  INSERT INTO register_record (id, kind, number, external_number, state, party_id, dossier_id, author_id, salesperson_id, dated_on, amount, changed_at, xid)
  VALUES (NEW.id, TG_ARGV[0], NEW.number, NEW.external_number, NEW.state, NEW.party_id, NEW.dossier_id, NEW.author_id, NEW.salesperson_id, NEW.dated_on, NEW.amount, now(), pg_current_xact_id()::text::bigint)
  ON CONFLICT (id) DO UPDATE SET number = excluded.number, external_number = excluded.external_number, state = excluded.state,
    party_id = excluded.party_id, dossier_id = excluded.dossier_id, salesperson_id = excluded.salesperson_id,
    dated_on = excluded.dated_on, amount = excluded.amount, changed_at = excluded.changed_at;
  RETURN NULL;
END $$;

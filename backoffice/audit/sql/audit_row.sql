-- One trigger function for every tracked table. Arguments: column of the document, column of the party, fields left out.
-- It runs as the owner: the runtime role cannot write history by any other way.
CREATE OR REPLACE FUNCTION audit_row() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
  before jsonb; after jsonb; row_now jsonb; diff jsonb;
  skip text[] := string_to_array(TG_ARGV[2], ',');
BEGIN
  IF TG_OP <> 'INSERT' THEN before := to_jsonb(OLD) - skip; END IF;
  IF TG_OP <> 'DELETE' THEN after := to_jsonb(NEW) - skip; END IF;
  IF TG_OP = 'UPDATE' AND before = after THEN RETURN NULL; END IF;
  row_now := coalesce(after, before);
  SELECT jsonb_object_agg(key, jsonb_build_array(b.value, a.value)) INTO diff
    FROM jsonb_each_text(coalesce(before, '{}')) AS b(key, value)
    FULL JOIN jsonb_each_text(coalesce(after, '{}')) AS a(key, value) USING (key)
   WHERE b.value IS DISTINCT FROM a.value AND NOT (coalesce(b.value, '') = '' AND coalesce(a.value, '') = '');
  INSERT INTO audit_event ("table", "row", record_id, party_id, operation, changed, person_id, step, note, at, xid)
  VALUES (TG_TABLE_NAME, coalesce((row_now->>'id')::bigint, (row_now->>'party_id')::bigint, 0),
          nullif(row_now->>nullif(TG_ARGV[0], ''), '')::bigint, nullif(row_now->>nullif(TG_ARGV[1], ''), '')::bigint,
          left(TG_OP, 1), coalesce(diff, '{}'), nullif(current_setting('backoffice.person', true), '')::bigint,
          coalesce(current_setting('backoffice.step', true), ''), coalesce(current_setting('backoffice.note', true), ''),
          clock_timestamp(), pg_current_xact_id()::text::bigint);
  RETURN NULL;
END $$;

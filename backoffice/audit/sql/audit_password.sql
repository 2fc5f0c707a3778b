-- That somebody's password was changed, by whom and when; never the password, nor what is kept in its place.
CREATE OR REPLACE FUNCTION audit_password() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  IF OLD.password IS NOT DISTINCT FROM NEW.password THEN RETURN NULL; END IF;
  INSERT INTO audit_event ("table", "row", operation, changed, person_id, step, note, at, xid)
  VALUES (TG_TABLE_NAME, NEW.id, 'U', '{"password": ["•••", "••••"]}', nullif(current_setting('backoffice.person', true), '')::bigint,
          coalesce(current_setting('backoffice.step', true), ''), coalesce(current_setting('backoffice.note', true), ''),
          clock_timestamp(), pg_current_xact_id()::text::bigint);
  RETURN NULL;
END $$;

-- What is on file for a document stays: the bytes' row never changes, and leaves only while the document is a draft.
CREATE OR REPLACE FUNCTION file_stays_with_fixed_document() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
  IF TG_OP = 'UPDATE' THEN
    IF (NEW.stored_name, NEW.original_name, NEW.content_type, NEW.size, NEW.sha256, NEW.uploaded_by_id, NEW.uploaded_at)
       IS DISTINCT FROM (OLD.stored_name, OLD.original_name, OLD.content_type, OLD.size, OLD.sha256, OLD.uploaded_by_id, OLD.uploaded_at)
       OR (OLD.record_id IS NOT NULL AND NEW.record_id IS DISTINCT FROM OLD.record_id) THEN
      RAISE EXCEPTION 'A file that was kept is not changed.' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
  END IF;
  IF EXISTS (SELECT 1 FROM register_record WHERE id = OLD.record_id AND state <> 'draft') THEN
    RAISE EXCEPTION 'What is on file for a document that is no draft any more stays on file.' USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN OLD;
END $$;

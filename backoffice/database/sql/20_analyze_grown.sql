-- Statistics inside the transaction that fills the tables: autovacuum sees nothing of it before the commit, and the plans of
-- a big import would be made for empty tables. It runs as the owner, because the runtime role may not ANALYZE what it does not
-- own (MAINTAIN can be granted from PostgreSQL 17 on, 16 must work too); it takes no argument, so there is nothing to misuse.
-- A table is looked at again when it has outgrown its statistics by half: as many times as the logarithm of its rows.
CREATE OR REPLACE FUNCTION analyze_grown() RETURNS integer LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
  grown regclass; done integer := 0;
BEGIN
  FOR grown IN
    SELECT c.oid FROM pg_class c
     WHERE c.relnamespace = 'public'::regnamespace AND c.relkind = 'r' AND pg_stat_get_xact_tuples_inserted(c.oid) >= 500
       AND (pg_relation_size(c.oid) / current_setting('block_size')::integer > 1.5 * greatest(c.relpages, 0) + 4
            OR NOT EXISTS (SELECT 1 FROM pg_stats s WHERE s.schemaname = 'public' AND s.tablename = c.relname))
     ORDER BY c.relname
  LOOP
    EXECUTE format('ANALYZE (SKIP_LOCKED) %s', grown);  -- two imports side by side do not wait for each other
    done := done + 1;
  END LOOP;
  RETURN done;
END $$;
REVOKE ALL ON FUNCTION analyze_grown() FROM PUBLIC;

-- What each entry did to the deals it touched: kept beside the lines, so that ten thousand contracts are one narrow table to add up.
-- Money is told from goods by the event of the entry (of the one it reverses); what waits for its invoice by the rule of dispatch.

CREATE OR REPLACE FUNCTION ledger_deals_counted(entries bigint[])
RETURNS TABLE (dossier_id bigint, entry_id bigint, posted_on date, charged numeric, billed numeric, received numeric) LANGUAGE sql STABLE AS $$
  SELECT m.dossier_id, m.entry_id, m.posted_on, CASE WHEN m.is_money THEN 0 ELSE m.owed END, CASE WHEN m.is_money THEN 0 ELSE m.owed - m.waiting END,
         CASE WHEN m.is_money THEN -m.owed ELSE 0 END
    FROM (SELECT l.dossier_id, l.entry_id, l.posted_on, coalesce(r.event, e.event) IN ('money_confirmed', 'money_allocated', 'opening_advance') AS is_money,
                 sum(l.debit - l.credit) AS owed,
                 coalesce(sum(l.debit - l.credit) FILTER (WHERE EXISTS (
                   SELECT FROM ledger_postingrule p WHERE p.event = 'goods_dispatched' AND p.account_id = l.account_id)), 0) AS waiting
            FROM ledger_entryline l JOIN ledger_account a ON a.id = l.account_id AND a.book = 'receivable'
            JOIN ledger_entry e ON e.id = l.entry_id LEFT JOIN ledger_entry r ON r.id = e.reverses_id
           WHERE l.entry_id = ANY (entries) AND l.dossier_id IS NOT NULL GROUP BY 1, 2, 3, 4) AS m
   WHERE m.owed <> 0 OR m.waiting <> 0 $$;

CREATE OR REPLACE FUNCTION ledger_deals_kept() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp SET enable_seqscan = off AS $$
BEGIN
  INSERT INTO ledger_dealentry (dossier_id, entry_id, posted_on, charged, billed, received)
  SELECT * FROM ledger_deals_counted(ARRAY(SELECT DISTINCT a.entry_id FROM added a WHERE a.dossier_id IS NOT NULL));
  RETURN NULL;
END $$;

-- For a database that had entries before it kept deals. The owner's alone.
CREATE OR REPLACE FUNCTION ledger_recount_deals() RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  LOCK TABLE ledger_entryline IN SHARE ROW EXCLUSIVE MODE;
  DELETE FROM ledger_dealentry;
  INSERT INTO ledger_dealentry (dossier_id, entry_id, posted_on, charged, billed, received)
  SELECT * FROM ledger_deals_counted(ARRAY(SELECT id FROM ledger_entry));
END $$;

-- The rules of the books that hold for whatever writes to them.
-- They look rows up by key; enable_seqscan is off in them because a plan made while a table was still empty is kept,
-- and an import of a hundred thousand rows would read the whole table for each.

-- Posting shares the month's row, closing locks it: nothing is posted into a month while or after it closes.
CREATE OR REPLACE FUNCTION ledger_entry_open() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE month record;
BEGIN
  SELECT p.year, p.month, p.state INTO month FROM ledger_accountingperiod p WHERE p.id = NEW.period_id FOR SHARE;
  IF month.year <> extract(year FROM NEW.posted_on) OR month.month <> extract(month FROM NEW.posted_on) THEN
    RAISE EXCEPTION 'an entry of % does not belong into %-%', NEW.posted_on, month.year, month.month
      USING ERRCODE = 'check_violation', CONSTRAINT = 'entry_in_its_month';
  END IF;
  IF month.state IN ('closed', 'reopening') THEN
    RAISE EXCEPTION 'the books of %-% are closed', month.year, month.month
      USING ERRCODE = 'check_violation', CONSTRAINT = 'entry_in_open_month';
  END IF;
  NEW.xid := (pg_current_xact_id()::text)::bigint;
  NEW.posted_at := transaction_timestamp();
  RETURN NEW;
END $$;

-- A month that nobody has posted into yet is not begun once a later one is closed: its sums would change behind the closing.
-- Who closes locks the table against new rows, so that the two see each other.
CREATE OR REPLACE FUNCTION ledger_period_in_order() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF EXISTS (SELECT FROM ledger_accountingperiod p
             WHERE (p.year, p.month) > (NEW.year, NEW.month) AND p.state IN ('closed', 'reopening')) THEN
    RAISE EXCEPTION 'the books after %-% are closed', NEW.year, NEW.month
      USING ERRCODE = 'check_violation', CONSTRAINT = 'period_in_order';
  END IF;
  RETURN NEW;
END $$;

-- At commit: an entry has lines, they balance, and lines of subsidiary books say whose they are.
CREATE OR REPLACE FUNCTION ledger_entry_balanced() RETURNS trigger LANGUAGE plpgsql SET enable_seqscan = off AS $$
DECLARE found record;
BEGIN
  SELECT count(*) AS lines, coalesce(sum(l.debit), 0) AS debit, coalesce(sum(l.credit), 0) AS credit,
         bool_or(a.book IN ('receivable', 'payable') AND l.party_id IS NULL OR a.book = 'staff' AND l.person_id IS NULL) AS nobody
    INTO found FROM ledger_entryline l JOIN ledger_account a ON a.id = l.account_id WHERE l.entry_id = NEW.id;
  IF found.lines = 0 OR found.debit <> found.credit OR found.debit <> NEW.amount THEN
    RAISE EXCEPTION 'entry % is not in balance: amount %, debit %, credit %', NEW.id, NEW.amount, found.debit, found.credit
      USING ERRCODE = 'check_violation', CONSTRAINT = 'entry_balanced';
  END IF;
  IF found.nobody THEN
    RAISE EXCEPTION 'entry % has a line of a subsidiary book that names nobody', NEW.id
      USING ERRCODE = 'check_violation', CONSTRAINT = 'entry_names_somebody';
  END IF;
  RETURN NULL;
END $$;

-- Lines come with their entry, in one transaction and on its day; none is added to an old entry.
CREATE OR REPLACE FUNCTION ledger_line_together() RETURNS trigger LANGUAGE plpgsql SET enable_seqscan = off AS $$
BEGIN
  IF EXISTS (SELECT FROM added l JOIN ledger_entry e ON e.id = l.entry_id
             WHERE e.xid <> (pg_current_xact_id()::text)::bigint OR e.posted_on <> l.posted_on) THEN
    RAISE EXCEPTION 'a line belongs to an entry of the same transaction and day'
      USING ERRCODE = 'check_violation', CONSTRAINT = 'line_together';
  END IF;
  RETURN NULL;
END $$;

-- An item never changes but for what allocations do to it, and only they do it: their trigger works as the owner.
CREATE OR REPLACE FUNCTION ledger_item_fixed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'UPDATE' AND pg_trigger_depth() > 1 AND (SELECT relowner = current_user::regrole FROM pg_class WHERE oid = TG_RELID)
     AND to_jsonb(NEW) - '{allocated,allocated_on}'::text[] = to_jsonb(OLD) - '{allocated,allocated_on}'::text[] THEN
    RETURN NEW;
  END IF;
  RAISE EXCEPTION 'open items are never changed or deleted'
    USING ERRCODE = 'integrity_constraint_violation', HINT = 'Allocate, or reverse the entry that made the item.';
END $$;

-- Allocations join a charge and a credit of one party and book, not before either exists; a counter-row mirrors its row.
CREATE OR REPLACE FUNCTION ledger_allocation_kept() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET enable_seqscan = off AS $$
BEGIN
  IF EXISTS (SELECT FROM added a JOIN ledger_item c ON c.id = a.charge_id JOIN ledger_item k ON k.id = a.credit_id
             WHERE c.kind <> 'charge' OR k.kind <> 'credit' OR c.party_id <> k.party_id OR c.book <> k.book
                OR a."on" < c.dated_on OR a."on" < k.dated_on) THEN
    RAISE EXCEPTION 'an allocation joins a charge and a later or earlier credit of one party, on a day when both exist'
      USING ERRCODE = 'check_violation', CONSTRAINT = 'allocation_fits';
  END IF;
  IF EXISTS (SELECT FROM added a JOIN ledger_allocation o ON o.id = a.reverses_id
             WHERE o.charge_id <> a.charge_id OR o.credit_id <> a.credit_id OR o.amount <> -a.amount
                OR a."on" < o."on" OR o.reverses_id IS NOT NULL) THEN
    RAISE EXCEPTION 'a counter-row mirrors the row it undoes'
      USING ERRCODE = 'check_violation', CONSTRAINT = 'allocation_mirrors';
  END IF;
  UPDATE ledger_item i SET allocated = i.allocated + s.amount, allocated_on = greatest(i.allocated_on, s.last_on)
    FROM (SELECT item, sum(amount) AS amount, max("on") AS last_on
            FROM (SELECT charge_id AS item, amount, "on" FROM added UNION ALL SELECT credit_id, amount, "on" FROM added) AS touched
           GROUP BY item) AS s
   WHERE i.id = s.item;
  RETURN NULL;
END $$;

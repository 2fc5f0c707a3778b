-- The books: what left, what was billed, what came, and what it was set against, by the rules every company begins with.
INSERT INTO ledger_accountingperiod (year, month, state, entries_closed, total_closed, fingerprint)
SELECT extract(year FROM m), extract(month FROM m), 'open', 0, 0, '' FROM generate_series(date_trunc('month', %(today)s::date - 731), %(today)s::date, interval '1 month') AS m
ON CONFLICT DO NOTHING;

CREATE TEMP TABLE load_entry ON COMMIT DROP AS
SELECT nextval(pg_get_serial_sequence('ledger_entry', 'id')) AS id, e.* FROM (
  SELECT o.n, h.* FROM load_order o CROSS JOIN LATERAL (VALUES
    ('goods_dispatched', o.left_on, o.shipment_id, o.shipment_number, o.gross, o.gross, %(warehouse)s::int),
    ('invoice_issued', o.billed_on, o.invoice_id, o.invoice_number, o.gross + o.tax, o.gross, %(finance)s::int),
    ('money_confirmed', o.paid_on, o.payment_id, o.payment_number, o.paid, o.paid, %(finance)s::int),
    ('money_allocated', o.paid_on, o.payment_id, o.payment_number, o.paid, o.paid, %(finance)s::int)
  ) AS h (event, on_day, record_id, number, amount, gross, by_id)
  WHERE h.on_day IS NOT NULL ORDER BY h.on_day, o.n) AS e;
CREATE INDEX ON load_entry (n);
ANALYZE load_entry;

INSERT INTO ledger_entry (id, posted_on, event, memo, amount, posted_at, xid, dossier_id, period_id, posted_by_id, record_id)
SELECT e.id, e.on_day, e.event, '', e.amount, now(), pg_current_xact_id()::text::bigint, o.dossier_id, p.id, e.by_id, e.record_id
  FROM load_entry e JOIN load_order o USING (n)
  JOIN ledger_accountingperiod p ON p.year = extract(year FROM e.on_day) AND p.month = extract(month FROM e.on_day) ORDER BY e.id;

INSERT INTO ledger_entryline (entry_id, position, posted_on, account_id, debit, credit, party_id, person_id, dossier_id, record_id)
SELECT e.id, row_number() OVER (PARTITION BY e.id ORDER BY r.position), e.on_day, a.id, r.debit, r.credit, o.party_id, o.salesperson_id, o.dossier_id, e.record_id
  FROM load_entry e JOIN load_order o USING (n) CROSS JOIN LATERAL (VALUES
    ('goods_dispatched', 1, '1122.02', o.gross, 0::numeric), ('goods_dispatched', 2, '6001', 0, o.net), ('goods_dispatched', 3, '2221.04', 0, o.tax),
    ('invoice_issued', 1, '1122.01', o.gross, 0), ('invoice_issued', 2, '2221.04', o.tax, 0), ('invoice_issued', 3, '1122.02', 0, o.gross), ('invoice_issued', 4, '2221.01', 0, o.tax),
    ('money_confirmed', 1, '1002', e.gross, 0), ('money_confirmed', 2, '2203.01', 0, e.gross),
    ('money_allocated', 1, '2203.01', e.gross, 0), ('money_allocated', 2, '1122.01', 0, e.gross)
  ) AS r (event, position, account, debit, credit)
  JOIN ledger_account a ON a.code = r.account
 WHERE r.event = e.event AND r.debit + r.credit > 0 ORDER BY e.id;

CREATE TEMP TABLE load_item ON COMMIT DROP AS
SELECT nextval(pg_get_serial_sequence('ledger_item', 'id')) AS id, e.n, e.id AS entry_id, e.event, e.on_day, e.record_id, e.number, e.gross, i.account, i.kind,
       CASE i.kind WHEN 'charge' THEN CASE i.account WHEN '1122.01' THEN o.due_on ELSE e.on_day END END AS due_on,
       CASE i.account || i.kind WHEN '1122.02charge' THEN CASE WHEN o.billed_on IS NOT NULL THEN o.gross ELSE 0 END
                                WHEN '1122.02credit' THEN o.gross ELSE o.paid END AS allocated,
       CASE i.account WHEN '1122.02' THEN o.billed_on ELSE o.paid_on END AS allocated_on
  FROM load_entry e JOIN load_order o USING (n) JOIN (VALUES
    ('goods_dispatched', '1122.02', 'charge'), ('invoice_issued', '1122.01', 'charge'), ('invoice_issued', '1122.02', 'credit'), ('money_confirmed', '2203.01', 'credit')
  ) AS i (event, account, kind) ON i.event = e.event ORDER BY e.id;

INSERT INTO ledger_item (id, book, kind, event, number, dated_on, due_on, amount, allocated, allocated_on, account_id, dossier_id, entry_id, party_id, person_id, record_id)
SELECT i.id, 'receivable', i.kind, i.event, i.number, i.on_day, i.due_on, i.gross, i.allocated, i.allocated_on, a.id, o.dossier_id, i.entry_id, o.party_id, o.salesperson_id, i.record_id
  FROM load_item i JOIN load_order o USING (n) JOIN ledger_account a ON a.code = i.account ORDER BY i.id;

CREATE INDEX ON load_item (n, account, kind);
ANALYZE load_item;
INSERT INTO ledger_allocation (charge_id, credit_id, amount, "on", entry_id, note, by_id, at)
SELECT c.id, k.id, k.gross, o.billed_on, NULL::bigint, '', %(finance)s::int, now() FROM load_order o JOIN load_item c ON c.n = o.n AND c.account = '1122.02' AND c.kind = 'charge'
  JOIN load_item k ON k.n = o.n AND k.account = '1122.02' AND k.kind = 'credit'
UNION ALL
SELECT c.id, k.id, k.gross, o.paid_on, e.id, '', %(finance)s::int, now() FROM load_order o JOIN load_item c ON c.n = o.n AND c.account = '1122.01'
  JOIN load_item k ON k.n = o.n AND k.account = '2203.01' JOIN load_entry e ON e.n = o.n AND e.event = 'money_allocated';

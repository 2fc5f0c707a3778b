-- What the steps leave beside the documents: numbers given, who had a hand in them and who agreed, goods moved and promised, history.
CREATE TEMP TABLE load_step ON COMMIT DROP AS
SELECT 'order' AS kind, id, author_id AS writer, 'approve_order' AS step, 1 AS needed, ARRAY['assistant', 'manager'] AS roles,
       CASE WHEN state IN ('approved', 'done') THEN ARRAY[reviewer_id] ELSE '{}' END AS reviewers, day AS on_day, number FROM load_order WHERE state <> 'draft'
UNION ALL
SELECT 'contract', id, %(assistant)s, 'approve_contract', 1, ARRAY['manager', 'gm'], ARRAY[%(manager)s::int], day, number FROM load_contract
UNION ALL
SELECT 'shipment', shipment_id, author_id, 'review_shipment', 2, ARRAY['assistant', 'manager', 'warehouse'], ARRAY[%(warehouse)s::int, %(warehouse2)s::int], left_on, shipment_number
  FROM load_order WHERE left_on IS NOT NULL
UNION ALL
SELECT 'invoice', invoice_id, %(finance)s, 'review_invoice', 2, ARRAY['finance', 'assistant', 'manager'], ARRAY[%(finance2)s::int, %(manager)s::int], billed_on, invoice_number
  FROM load_order WHERE billed_on IS NOT NULL
UNION ALL
SELECT 'payment', payment_id, author_id, 'confirm_payment', 1, ARRAY['finance'], ARRAY[%(finance)s::int], paid_on, payment_number
  FROM load_order WHERE paid_on IS NOT NULL;

INSERT INTO review_hand (record_id, round, person_id, at) SELECT id, 1, writer, on_day + time '10:00' FROM load_step;
INSERT INTO review_requirement (record_id, step, round, needed, roles) SELECT id, step, 1, needed, roles FROM load_step;
INSERT INTO review_review (record_id, step, round, person_id, fingerprint, note, at)
SELECT id, step, 1, unnest(reviewers), pg_temp.load_print(id), '', on_day + time '11:00' FROM load_step;

INSERT INTO numbering_given (series_id, year, place, at)
SELECT s.id, split_part(t.number, '-', 2)::int, split_part(t.number, '-', 3)::int, on_day + time '11:00' FROM load_step t JOIN numbering_series s ON s.kind = t.kind
 WHERE t.number IS NOT NULL;
INSERT INTO numbering_counter (series_id, year, last) SELECT series_id, year, max(place) FROM numbering_given GROUP BY 1, 2;

INSERT INTO stock_movement (quantity, reason, moved_on, at, by_id, product_id, warehouse_id)
SELECT coalesce(s.wanted, 0) + 5000, 'opening', %(today)s::date - 731, now(), %(warehouse)s, p.id, %(store)s
  FROM load_product p LEFT JOIN (SELECT product_id, sum(quantity) AS wanted FROM load_line GROUP BY 1) AS s ON s.product_id = p.id;
INSERT INTO stock_movement (quantity, reason, line_id, moved_on, at, by_id, record_id, product_id, warehouse_id)
SELECT -l.quantity, 'dispatch', l.shipment_line_id, o.left_on, o.left_on + time '15:00', %(warehouse)s, o.shipment_id, l.product_id, %(store)s
  FROM load_line l JOIN load_order o USING (n) WHERE o.left_on IS NOT NULL ORDER BY l.id;
INSERT INTO stock_reservation (line_id, quantity, product_id, record_id, warehouse_id)
SELECT l.id, l.quantity, l.product_id, o.id, %(store)s FROM load_line l JOIN load_order o USING (n) WHERE o.state = 'approved';
INSERT INTO stock_level (on_hand, reserved, may_go_negative, product_id, warehouse_id)
SELECT m.quantity, coalesce(r.quantity, 0), false, product_id, %(store)s FROM (SELECT product_id, sum(quantity) AS quantity FROM stock_movement GROUP BY 1) AS m
  LEFT JOIN (SELECT product_id, sum(quantity) AS quantity FROM stock_reservation GROUP BY 1) AS r USING (product_id);

INSERT INTO audit_event ("table", "row", record_id, party_id, operation, changed, person_id, step, note, at, xid)
SELECT h."table", h.id, h.id, o.party_id, h.operation, jsonb_build_object('state', jsonb_build_array(h.before, h.after)), h.person_id, h.step, '', h.at, 1
  FROM load_order o CROSS JOIN LATERAL (VALUES
    ('orders_order', o.id, 'I', NULL, 'draft', o.author_id, 'save_order', o.day + time '09:00'),
    ('orders_order', o.id, 'U', 'draft', 'submitted', o.author_id, 'submit_order', o.day + time '10:00'),
    ('orders_order', o.id, 'U', 'submitted', 'approved', o.reviewer_id, 'approve_order', o.day + time '11:00'),
    ('orders_order', o.id, 'U', 'approved', 'done', %(warehouse)s::int, 'finish_order', o.left_on + time '15:00'),
    ('shipments_shipment', o.shipment_id, 'I', NULL, 'draft', o.author_id, 'make_shipment', o.left_on + time '09:00'),
    ('shipments_shipment', o.shipment_id, 'U', 'draft', 'submitted', o.author_id, 'submit_shipment', o.left_on + time '10:00'),
    ('shipments_shipment', o.shipment_id, 'U', 'submitted', 'reviewed', %(warehouse2)s::int, 'review_shipment', o.left_on + time '11:00'),
    ('shipments_shipment', o.shipment_id, 'U', 'reviewed', 'dispatched', %(warehouse)s::int, 'dispatch_shipment', o.left_on + time '15:00'),
    ('invoices_invoice', o.invoice_id, 'I', NULL, 'draft', %(finance)s::int, 'make_invoice', o.billed_on + time '09:00'),
    ('invoices_invoice', o.invoice_id, 'U', 'reviewed', 'issued', %(finance)s::int, 'issue_invoice', o.billed_on + time '15:00'),
    ('invoices_payment', o.payment_id, 'U', 'waiting', 'confirmed', %(finance)s::int, 'confirm_payment', o.paid_on + time '15:00')
  ) AS h ("table", id, operation, before, after, person_id, step, at)
 WHERE h.at IS NOT NULL AND (h.after = 'draft' OR o.state <> 'draft') AND (h.after <> 'approved' OR o.state IN ('approved', 'done')) ORDER BY h.at, o.n;

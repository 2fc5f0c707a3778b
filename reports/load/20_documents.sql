-- Dossiers, orders, shipments, invoices and payments with their lines, as the steps would have left them.
INSERT INTO register_dossier (id, party_id, title, opened_at) SELECT dossier_id, party_id, '', day + time '09:00' FROM load_order WHERE contract_id IS NULL
UNION ALL SELECT dossier_id, party_id, '', day + time '09:00' FROM load_contract;

INSERT INTO contracts_contract (id, number, external_number, state, dated_on, amount, currency, note, version, round, fingerprint, submitted_at, created_at, changed_at,
  category, title, starts_on, ends_on, signed_on, archive_place, invoice_rule, includes_tax, is_binding, called_off, territory, clauses, edition,
  our_name, party_name, party_address, party_phone, party_tax_no, party_bank, author_id, dossier_id, party_id, salesperson_id, submitted_by_id, term_id)
SELECT c.id, c.number, '', 'running', c.day, s.amount, %(currency)s, '', 5, 1, pg_temp.load_print(c.id), c.day + time '10:00', c.day + time '09:00', c.day + time '15:00',
       CASE mod(c.i, 4) WHEN 0 THEN 'framework' ELSE 'sales' END, 'Supply', c.day, %(today)s::date + mod(c.i, 400)::int - 20, c.day, '', 'delivered', true, true,
       coalesce(o.called_off, 0), '', '', 1, '', '', '', '', '', '', %(assistant)s, c.dossier_id, c.party_id, c.owner_id, %(assistant)s, c.term_id
  FROM load_contract c JOIN (SELECT contract_id, sum(gross) AS amount FROM load_agreed GROUP BY 1) AS s ON s.contract_id = c.id
  LEFT JOIN (SELECT contract_id, sum(gross) AS called_off FROM load_order GROUP BY 1) AS o ON o.contract_id = c.id ORDER BY c.id;

INSERT INTO contracts_contractline (id, position, name, spec, unit, quantity, unit_price, discount, tax_rate, net, tax, gross, ordered, delivered, due_on, is_binding, contract_id, product_id)
SELECT id, position, name, spec, unit, quantity, unit_price, 0, tax_rate, net, tax, gross, ordered, delivered, due_on, true, contract_id, product_id FROM load_agreed ORDER BY id;

INSERT INTO orders_order (id, number, external_number, state, dated_on, amount, currency, note, version, round, fingerprint, submitted_at, created_at, changed_at,
  party_name, delivery_address, delivery_contact, delivery_phone, required_on, term_kind, deposit_rate, rest_before_dispatch, includes_tax, net, tax, hold_reason,
  author_id, contract_id, dossier_id, party_id, salesperson_id, submitted_by_id, term_id, warehouse_id)
SELECT id, number, '', state, day, gross, %(currency)s, '', 3, 1, CASE WHEN state = 'draft' THEN '' ELSE pg_temp.load_print(id) END,
       CASE WHEN state <> 'draft' THEN day + time '10:00' END, day + time '09:00', day + time '11:00',
       party_name, address, contact, phone, day + 7, term_kind, 0, false, true, net, tax, '',
       author_id, contract_id, CASE WHEN state IN ('approved', 'done') THEN dossier_id END, party_id, salesperson_id, CASE WHEN state <> 'draft' THEN author_id END, term_id, %(store)s
  FROM load_order ORDER BY n;

INSERT INTO orders_orderline (id, position, name, spec, unit, quantity, unit_price, discount, tax_rate, net, tax, gross, price_source, price_reason, cost_price,
  shipped, returned, invoiced, order_id, product_id, contract_line_id)
SELECT l.id, l.position, l.name, l.spec, l.unit, l.quantity, l.unit_price, 0, l.tax_rate, l.net, l.tax, l.gross, 'list', '', l.cost_price,
       CASE WHEN o.left_on IS NOT NULL THEN l.quantity ELSE 0 END, 0, CASE WHEN o.billed_on IS NOT NULL THEN l.quantity ELSE 0 END, o.id, l.product_id, l.contract_line_id
  FROM load_line l JOIN load_order o USING (n) ORDER BY l.id;

INSERT INTO shipments_shipment (id, number, external_number, state, dated_on, amount, currency, note, version, round, fingerprint, submitted_at, created_at, changed_at,
  party_name, delivery_address, delivery_contact, delivery_phone, required_on, tracking_number, dispatched_on, delivered_on, received_by, net, tax,
  author_id, dossier_id, party_id, salesperson_id, submitted_by_id, warehouse_id)
SELECT shipment_id, shipment_number, '', CASE WHEN came_on IS NULL THEN 'dispatched' ELSE 'delivered' END, left_on, gross, %(currency)s, '', 5, 1,
       pg_temp.load_print(shipment_id), left_on + time '10:00', left_on + time '09:00', left_on + time '15:00', party_name, address, contact, phone, day + 7,
       'YT' || 100000000000 + shipment_id, left_on, came_on, CASE WHEN came_on IS NULL THEN '' ELSE contact END, net, tax,
       author_id, dossier_id, party_id, salesperson_id, author_id, %(store)s
  FROM load_order WHERE left_on IS NOT NULL ORDER BY n;

INSERT INTO shipments_shipmentline (id, position, name, spec, unit, quantity, unit_price, discount, tax_rate, net, tax, gross, returned, invoiced, order_line_id, product_id, shipment_id)
SELECT l.shipment_line_id, l.position, l.name, l.spec, l.unit, l.quantity, l.unit_price, 0, l.tax_rate, l.net, l.tax, l.gross, 0,
       CASE WHEN o.billed_on IS NOT NULL THEN l.quantity ELSE 0 END, l.id, l.product_id, o.shipment_id
  FROM load_line l JOIN load_order o USING (n) WHERE o.left_on IS NOT NULL ORDER BY l.id;

INSERT INTO invoices_invoice (id, number, external_number, state, dated_on, amount, currency, note, version, round, fingerprint, submitted_at, created_at, changed_at,
  tax_invoice_no, title, tax_no, address, bank, issued_on, due_on, includes_tax, net, tax, author_id, dossier_id, party_id, salesperson_id, submitted_by_id)
SELECT invoice_id, invoice_number, '', CASE WHEN paid = gross THEN 'settled' ELSE 'issued' END, billed_on, gross, %(currency)s, '', 5, 1,
       pg_temp.load_print(invoice_id), billed_on + time '10:00', billed_on + time '09:00', billed_on + time '15:00',
       (26440000000000000000 + invoice_id)::text, party_name, tax_no, address, '', billed_on, due_on, true, net, tax,
       %(finance)s, dossier_id, party_id, salesperson_id, %(finance)s
  FROM load_order WHERE billed_on IS NOT NULL ORDER BY n;

INSERT INTO invoices_invoiceline (position, name, spec, unit, quantity, unit_price, discount, tax_rate, net, tax, gross, invoice_id, order_line_id, product_id, shipment_line_id)
SELECT l.position, l.name, l.spec, l.unit, l.quantity, l.unit_price, 0, l.tax_rate, l.net, l.tax, l.gross, o.invoice_id, l.id, l.product_id, l.shipment_line_id
  FROM load_line l JOIN load_order o USING (n) WHERE o.billed_on IS NOT NULL ORDER BY l.id;

INSERT INTO invoices_payment (id, number, external_number, state, dated_on, amount, currency, note, version, round, fingerprint, submitted_at, created_at, changed_at,
  method, bank, payer, confirmed_on, author_id, dossier_id, party_id, salesperson_id, submitted_by_id)
SELECT payment_id, payment_number, '', 'allocated', paid_on, paid, %(currency)s, '', 4, 1, pg_temp.load_print(payment_id), paid_on + time '10:00',
       paid_on + time '09:00', paid_on + time '15:00', 'transfer', '示例银行', party_name, paid_on, author_id, dossier_id, party_id, salesperson_id, author_id
  FROM load_order WHERE paid_on IS NOT NULL ORDER BY n;

INSERT INTO register_record (id, kind, number, external_number, state, dated_on, amount, changed_at, xid, author_id, dossier_id, party_id, salesperson_id)
SELECT id, 'contract', number, '', state, dated_on, amount, changed_at, pg_current_xact_id()::text::bigint, author_id, dossier_id, party_id, salesperson_id FROM contracts_contract
 WHERE id IN (SELECT id FROM load_contract) UNION ALL
SELECT id, 'order', number, '', state, dated_on, amount, changed_at, pg_current_xact_id()::text::bigint, author_id, dossier_id, party_id, salesperson_id FROM orders_order
 WHERE id IN (SELECT id FROM load_order) UNION ALL
SELECT id, 'shipment', number, '', state, dated_on, amount, changed_at, pg_current_xact_id()::text::bigint, author_id, dossier_id, party_id, salesperson_id FROM shipments_shipment
 WHERE id IN (SELECT shipment_id FROM load_order) UNION ALL
SELECT id, 'invoice', number, '', state, dated_on, amount, changed_at, pg_current_xact_id()::text::bigint, author_id, dossier_id, party_id, salesperson_id FROM invoices_invoice
 WHERE id IN (SELECT invoice_id FROM load_order) UNION ALL
SELECT id, 'payment', number, '', state, dated_on, amount, changed_at, pg_current_xact_id()::text::bigint, author_id, dossier_id, party_id, salesperson_id FROM invoices_payment
 WHERE id IN (SELECT payment_id FROM load_order);

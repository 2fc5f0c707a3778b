-- What will have happened: one row an order with every day that matters, in the order of the days; then its lines.
-- Parameters: orders, lines, today, assistant, assistant2, manager, finance, finance2, warehouse, warehouse2.
SELECT setseed(0.20260101);

CREATE TEMP TABLE load_customer ON COMMIT DROP AS
SELECT row_number() OVER (ORDER BY c.party_id) - 1 AS i, c.party_id, p.owner_id, p.name, p.contact, p.phone, p.city || p.address AS address,
       p.tax_no, c.term_id, t.kind AS term_kind, t.days
  FROM customers_customer c JOIN parties_party p ON p.id = c.party_id JOIN customers_paymentterm t ON t.id = c.term_id;
CREATE UNIQUE INDEX ON load_customer (i);

CREATE TEMP TABLE load_product ON COMMIT DROP AS
SELECT row_number() OVER (ORDER BY p.id) - 1 AS i, p.id, p.name, p.spec, u.name AS unit, p.list_price, p.cost_price, p.tax_rate
  FROM stock_product p JOIN stock_unit u ON u.id = p.unit_id WHERE p.is_stocked;
CREATE UNIQUE INDEX ON load_product (i);
ANALYZE load_customer, load_product;

CREATE TEMP TABLE load_dice ON COMMIT DROP AS
SELECT row_number() OVER (ORDER BY day) AS n, * FROM (
  SELECT %(today)s::date - floor(random() * 730)::int AS day, floor(power(random(), 1.7) * (SELECT count(*) FROM load_customer))::int AS customer,
         floor(power(random(), 1.5) * (SELECT count(*) FROM load_product))::int AS product, random() AS fate, random() AS habit,
         1 + floor(random() * 4)::int AS d1, 1 + floor(random() * 5)::int AS d2, 1 + floor(random() * 6)::int AS d3, floor(random() * 40)::int - 10 AS d4
    FROM generate_series(1, %(orders)s::int)) AS thrown;

-- left_on, came_on, billed_on, paid_on stay empty where the day is still to come
CREATE TEMP TABLE load_order ON COMMIT DROP AS
SELECT d.n, nextval('document_id') AS id, nextval(pg_get_serial_sequence('register_dossier', 'id')) AS dossier_id,
       nextval('document_id') AS shipment_id, nextval('document_id') AS invoice_id, nextval('document_id') AS payment_id,
       c.party_id, c.owner_id AS salesperson_id, c.name AS party_name, c.contact, c.phone, c.address, c.tax_no, c.term_id, c.term_kind, c.days,
       d.product, d.day, d.left_on, d.came_on, d.billed_on, d.billed_on + c.days AS due_on,
       CASE WHEN d.habit < 0.88 AND d.billed_on + c.days + d.d4 BETWEEN d.billed_on AND %(today)s::date THEN d.billed_on + c.days + d.d4 END AS paid_on,
       d.habit < 0.05 AS pays_half,
       CASE WHEN d.left_on IS NOT NULL THEN 'done' WHEN d.fate < 0.02 THEN 'cancelled' WHEN %(today)s::date - d.day > 1 OR d.fate < 0.4 THEN 'approved'
            WHEN d.fate < 0.8 THEN 'submitted' ELSE 'draft' END AS state,
       CASE WHEN d.n & 1 = 0 THEN %(assistant)s::int ELSE %(assistant2)s::int END AS author_id,
       CASE WHEN d.n & 1 = 1 THEN %(assistant)s::int ELSE %(assistant2)s::int END AS reviewer_id,
       NULL::bigint AS contract_id, 0::numeric(18,2) AS net, 0::numeric(18,2) AS tax, 0::numeric(18,2) AS gross, NULL::text AS number, NULL::text AS shipment_number,
       NULL::text AS invoice_number, NULL::text AS payment_number, 0::numeric(18,2) AS paid
  FROM (SELECT *, CASE WHEN fate >= 0.04 AND day + d1 <= %(today)s::date THEN day + d1 END AS left_on,
               CASE WHEN fate >= 0.04 AND day + d1 + d2 <= %(today)s::date THEN day + d1 + d2 END AS came_on,
               CASE WHEN fate >= 0.06 AND day + d1 + d3 <= %(today)s::date THEN day + d1 + d3 END AS billed_on
          FROM load_dice ORDER BY n) AS d
  JOIN load_customer c ON c.i = d.customer ORDER BY d.n;

CREATE TEMP TABLE load_line ON COMMIT DROP AS
SELECT o.n, k AS position, nextval(pg_get_serial_sequence('orders_orderline', 'id')) AS id,
       CASE WHEN o.left_on IS NOT NULL THEN nextval(pg_get_serial_sequence('shipments_shipmentline', 'id')) END AS shipment_line_id,
       NULL::bigint AS contract_line_id, p.id AS product_id, p.name, p.spec, p.unit, p.cost_price, p.tax_rate, q.quantity, q.unit_price, g.gross,
       round(g.gross / (1 + p.tax_rate), 2) AS net, g.gross - round(g.gross / (1 + p.tax_rate), 2) AS tax
  FROM load_order o CROSS JOIN generate_series(1, %(lines)s::int) AS k
  JOIN load_product p ON p.i = mod(o.product + (k - 1) * 997, (SELECT count(*)::int FROM load_product))
  CROSS JOIN LATERAL (SELECT 1 + mod(o.n * 7 + k * 3, 20)::numeric(18,3) AS quantity,
                             round(p.list_price * (0.85 + mod(o.n * 13 + k * 5, 16)::numeric / 100), 2) AS unit_price) AS q
  CROSS JOIN LATERAL (SELECT round(q.quantity * q.unit_price, 2) AS gross) AS g
 ORDER BY o.n, k;

UPDATE load_order o SET net = s.net, tax = s.tax, gross = s.gross, number = s.number, shipment_number = s.shipment_number,
       invoice_number = s.invoice_number, payment_number = s.payment_number,
       paid = CASE WHEN o.paid_on IS NULL THEN 0 WHEN o.pays_half THEN round(s.gross / 2, 2) ELSE s.gross END
  FROM (SELECT o.n, l.*,
               CASE WHEN o.state IN ('approved', 'done') THEN pg_temp.load_number(%(order_prefix)s::text, o.day, row_number() OVER w_order) END AS number,
               CASE WHEN o.left_on IS NOT NULL THEN pg_temp.load_number(%(shipment_prefix)s::text, o.left_on, row_number() OVER w_shipment) END AS shipment_number,
               CASE WHEN o.billed_on IS NOT NULL THEN pg_temp.load_number(%(invoice_prefix)s::text, o.billed_on, row_number() OVER w_invoice) END AS invoice_number,
               CASE WHEN o.paid_on IS NOT NULL THEN pg_temp.load_number(%(payment_prefix)s::text, o.paid_on, row_number() OVER w_payment) END AS payment_number
          FROM load_order o JOIN (SELECT n AS ln, sum(net) AS net, sum(tax) AS tax, sum(gross) AS gross FROM load_line GROUP BY 1) AS l ON l.ln = o.n
        WINDOW w_order AS (PARTITION BY o.state IN ('approved', 'done'), extract(year FROM o.day) ORDER BY o.n),
               w_shipment AS (PARTITION BY extract(year FROM o.left_on) ORDER BY o.left_on, o.n),
               w_invoice AS (PARTITION BY extract(year FROM o.billed_on) ORDER BY o.billed_on, o.n),
               w_payment AS (PARTITION BY extract(year FROM o.paid_on) ORDER BY o.paid_on, o.n)) AS s
 WHERE s.n = o.n;
CREATE UNIQUE INDEX ON load_order (n);
ANALYZE load_order, load_line;

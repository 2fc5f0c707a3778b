-- Contracts with the customers who buy most: every second of their orders is called off from theirs. Lines are what they ordered, and a fifth more.
-- Parameters: contracts, today, contract_prefix.
CREATE TEMP TABLE load_contract ON COMMIT DROP AS
SELECT c.i, nextval('document_id') AS id, nextval(pg_get_serial_sequence('register_dossier', 'id')) AS dossier_id, c.party_id, c.owner_id, c.term_id,
       %(today)s::date - 731 AS day, pg_temp.load_number(%(contract_prefix)s::text, %(today)s::date - 731, row_number() OVER (ORDER BY c.i)) AS number
  FROM load_customer c WHERE c.i < %(contracts)s ORDER BY c.i;
CREATE UNIQUE INDEX ON load_contract (party_id);

UPDATE load_order o SET contract_id = c.id, dossier_id = c.dossier_id FROM load_contract c
 WHERE c.party_id = o.party_id AND mod(o.n, 2) = 0 AND o.state IN ('approved', 'done');

CREATE TEMP TABLE load_agreed ON COMMIT DROP AS
SELECT nextval(pg_get_serial_sequence('contracts_contractline', 'id')) AS id, row_number() OVER (PARTITION BY w.contract_id ORDER BY w.product_id) AS position,
       w.contract_id, w.product_id, p.name, p.spec, p.unit, p.tax_rate, w.ordered, w.delivered, q.quantity, q.unit_price, g.gross,
       round(g.gross / (1 + p.tax_rate), 2) AS net, g.gross - round(g.gross / (1 + p.tax_rate), 2) AS tax,
       %(today)s::date + mod(w.contract_id * 7 + w.product_id, 400)::int - 60 AS due_on
  FROM (SELECT o.contract_id, l.product_id, sum(l.quantity) AS ordered, coalesce(sum(l.quantity) FILTER (WHERE o.left_on IS NOT NULL), 0) AS delivered
          FROM load_line l JOIN load_order o USING (n) WHERE o.contract_id IS NOT NULL GROUP BY 1, 2
        UNION ALL
        SELECT c.id, p.id, 0, 0 FROM load_contract c JOIN load_product p ON p.i = mod(c.i, (SELECT count(*) FROM load_product))
         WHERE NOT EXISTS (SELECT FROM load_order o WHERE o.contract_id = c.id)) AS w
  JOIN load_product p ON p.id = w.product_id
  CROSS JOIN LATERAL (SELECT ceil(w.ordered * 1.2) + 5 AS quantity, round(p.list_price * 0.9, 2) AS unit_price) AS q
  CROSS JOIN LATERAL (SELECT round(q.quantity * q.unit_price, 2) AS gross) AS g;
CREATE UNIQUE INDEX ON load_agreed (contract_id, product_id);
ANALYZE load_contract, load_agreed;

UPDATE load_line l SET contract_line_id = a.id FROM load_order o JOIN load_agreed a ON a.contract_id = o.contract_id
 WHERE o.n = l.n AND a.product_id = l.product_id;

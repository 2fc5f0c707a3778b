-- Sums of sales kept beside the orders. Whatever makes an order count as sold, or no longer, appends what it comes to in its own
-- transaction; nobody updates a sum that somebody else waits for. A job folds the rows into the sums; a reader takes both.
-- The tables belong to the owner: these functions are the only ones that write them.

CREATE OR REPLACE FUNCTION orders_counts(state text) RETURNS boolean LANGUAGE sql IMMUTABLE AS $$ SELECT state NOT IN ('draft', 'cancelled') $$;

-- An order handed in or given back: all its lines, or all of them taken off again. A past one is filed before its lines are.
CREATE OR REPLACE FUNCTION orders_sales_by_state() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE sign int; said orders_order;
BEGIN
  IF TG_OP = 'UPDATE' AND orders_counts(OLD.state) = orders_counts(NEW.state) OR TG_OP = 'INSERT' AND NOT orders_counts(NEW.state) THEN
    RETURN NULL;
  END IF;
  IF orders_counts(NEW.state) THEN said := NEW; sign := 1; ELSE said := OLD; sign := -1; END IF;
  INSERT INTO orders_salesdelta (month, "by", key, orders, quantity, amount, net, cost)
  SELECT date_trunc('month', said.dated_on), k."by", k.key, sign, sign * t.quantity, sign * t.amount, sign * t.net, sign * t.cost
    FROM (SELECT coalesce(sum(l.quantity), 0) AS quantity, coalesce(sum(l.gross), 0) AS amount, coalesce(sum(l.net), 0) AS net,
                 coalesce(sum(round(l.quantity * coalesce(l.cost_price, 0), 2)), 0) AS cost FROM orders_orderline l WHERE l.order_id = said.id) AS t
   CROSS JOIN (VALUES ('salesperson', coalesce(said.salesperson_id, 0)), ('customer', said.party_id)) AS k ("by", key)
  UNION ALL
  SELECT date_trunc('month', said.dated_on), 'product', l.product_id, sign, sign * sum(l.quantity), sign * sum(l.gross), sign * sum(l.net),
         sign * sum(round(l.quantity * coalesce(l.cost_price, 0), 2)) FROM orders_orderline l WHERE l.order_id = said.id GROUP BY l.product_id;
  RETURN NULL;
END $$;

-- A customer that was merged into another leaves its orders, and their sums with them.
CREATE OR REPLACE FUNCTION orders_sales_by_party() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  IF OLD.party_id = NEW.party_id OR NOT orders_counts(OLD.state) OR NOT orders_counts(NEW.state) THEN RETURN NULL; END IF;
  INSERT INTO orders_salesdelta (month, "by", key, orders, quantity, amount, net, cost)
  SELECT date_trunc('month', NEW.dated_on), 'customer', k.key, k.sign, k.sign * t.quantity, k.sign * t.amount, k.sign * t.net, k.sign * t.cost
    FROM (SELECT coalesce(sum(l.quantity), 0) AS quantity, coalesce(sum(l.gross), 0) AS amount, coalesce(sum(l.net), 0) AS net,
                 coalesce(sum(round(l.quantity * coalesce(l.cost_price, 0), 2)), 0) AS cost FROM orders_orderline l WHERE l.order_id = NEW.id) AS t
   CROSS JOIN (VALUES (OLD.party_id, -1), (NEW.party_id, 1)) AS k (key, sign);
  RETURN NULL;
END $$;

-- Lines that come to an order that counts already: past ones, filed together with it.
CREATE OR REPLACE FUNCTION orders_sales_by_lines() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp SET enable_seqscan = off AS $$
BEGIN
  INSERT INTO orders_salesdelta (month, "by", key, orders, quantity, amount, net, cost)
  SELECT date_trunc('month', o.dated_on), k."by", k.key, 0, sum(a.quantity), sum(a.gross), sum(a.net), sum(round(a.quantity * coalesce(a.cost_price, 0), 2))
    FROM added a JOIN orders_order o ON o.id = a.order_id
   CROSS JOIN LATERAL (VALUES ('salesperson', coalesce(o.salesperson_id, 0)), ('customer', o.party_id)) AS k ("by", key)
   WHERE orders_counts(o.state) GROUP BY 1, 2, 3
  UNION ALL
  SELECT m.month, 'product', m.product_id, sum(m.first), sum(m.quantity), sum(m.amount), sum(m.net), sum(m.cost)
    FROM (SELECT date_trunc('month', o.dated_on) AS month, a.product_id, sum(a.quantity) AS quantity, sum(a.gross) AS amount, sum(a.net) AS net,
                 sum(round(a.quantity * coalesce(a.cost_price, 0), 2)) AS cost,
                 CASE WHEN EXISTS (SELECT FROM orders_orderline x WHERE x.order_id = o.id AND x.product_id = a.product_id AND x.id < min(a.id)) THEN 0 ELSE 1 END AS first
            FROM added a JOIN orders_order o ON o.id = a.order_id WHERE orders_counts(o.state) GROUP BY o.id, o.dated_on, a.product_id) AS m
   GROUP BY 1, 2, 3;
  RETURN NULL;
END $$;

-- What the sums must be, from the orders themselves.
CREATE OR REPLACE FUNCTION orders_sales_counted() RETURNS TABLE (month date, "by" text, key bigint, orders bigint, quantity numeric, amount numeric, net numeric, cost numeric)
LANGUAGE sql STABLE AS $$
  SELECT date_trunc('month', o.dated_on)::date, k."by", k.key, count(DISTINCT o.id), coalesce(sum(l.quantity), 0), coalesce(sum(l.gross), 0), coalesce(sum(l.net), 0),
         coalesce(sum(round(l.quantity * coalesce(l.cost_price, 0), 2)), 0)
    FROM orders_order o LEFT JOIN orders_orderline l ON l.order_id = o.id
   CROSS JOIN LATERAL (VALUES ('salesperson', coalesce(o.salesperson_id, 0)), ('customer', o.party_id), ('product', l.product_id)) AS k ("by", key)
   WHERE orders_counts(o.state) AND k.key IS NOT NULL GROUP BY 1, 2, 3 $$;

-- Move what was appended into the sums, in one statement: a reader sees it here or there, never twice and never nowhere.
CREATE OR REPLACE FUNCTION orders_fold_sales() RETURNS bigint LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE folded bigint;
BEGIN
  IF NOT pg_try_advisory_xact_lock(4213) THEN RETURN 0; END IF;
  WITH taken AS (DELETE FROM orders_salesdelta RETURNING *),
       made AS (
    INSERT INTO orders_salessum AS s (month, "by", key, orders, quantity, amount, net, cost)
    SELECT t.month, t."by", t.key, sum(t.orders), sum(t.quantity), sum(t.amount), sum(t.net), sum(t.cost) FROM taken t GROUP BY 1, 2, 3
    ON CONFLICT ("by", month, key) DO UPDATE SET orders = s.orders + excluded.orders, quantity = s.quantity + excluded.quantity,
      amount = s.amount + excluded.amount, net = s.net + excluded.net, cost = s.cost + excluded.cost)
  SELECT count(*) INTO folded FROM taken;
  RETURN folded;
END $$;

-- Count everything anew, for a database that had orders before it had sums. Orders wait meanwhile. The owner's alone.
CREATE OR REPLACE FUNCTION orders_recount_sales() RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  LOCK TABLE orders_order, orders_orderline IN SHARE ROW EXCLUSIVE MODE;
  DELETE FROM orders_salesdelta;
  DELETE FROM orders_salessum;
  INSERT INTO orders_salessum (month, "by", key, orders, quantity, amount, net, cost) SELECT * FROM orders_sales_counted();
END $$;

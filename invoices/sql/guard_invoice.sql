-- An invoice that is reviewed or issued says of every line what its order says: variety, unit price, discount, rate (I2).
CREATE OR REPLACE FUNCTION guard_invoice() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NEW.state IN ('reviewed', 'issued') AND OLD.state <> NEW.state AND EXISTS (
    SELECT 1 FROM invoices_invoiceline l JOIN orders_orderline o ON o.id = l.order_line_id
      LEFT JOIN shipments_shipmentline s ON s.id = l.shipment_line_id
     WHERE l.invoice_id = NEW.id AND (
       (l.product_id, l.unit_price, l.discount, l.tax_rate) IS DISTINCT FROM (o.product_id, o.unit_price, o.discount, o.tax_rate)
       OR s.id IS NOT NULL AND s.order_line_id <> o.id)
  ) THEN
    RAISE EXCEPTION 'invoice % does not agree with its orders', NEW.id USING ERRCODE = 'check_violation', CONSTRAINT = 'invoice_agrees';
  END IF;
  RETURN NEW;
END $$;

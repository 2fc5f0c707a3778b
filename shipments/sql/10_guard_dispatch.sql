-- Nothing leaves on a term that wants money first unless this very content was cleared (S5), and only what its orders still allow.
CREATE OR REPLACE FUNCTION guard_dispatch() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NEW.state <> 'dispatched' OR OLD.state = 'dispatched' THEN RETURN NEW; END IF;
  IF EXISTS (SELECT 1 FROM shipments_shipmentline l JOIN orders_orderline n ON n.id = l.order_line_id JOIN orders_order o ON o.id = n.order_id
              WHERE l.shipment_id = NEW.id AND o.term_kind IN ('prepaid', 'deposit'))
     AND NOT EXISTS (SELECT 1 FROM shipments_clearance c WHERE c.shipment_id = NEW.id AND c.fingerprint = NEW.fingerprint AND c.kind <> 'papers') THEN
    RAISE EXCEPTION 'shipment % is not cleared: the money has not been confirmed', NEW.id
      USING ERRCODE = 'check_violation', CONSTRAINT = 'shipment_cleared';
  END IF;
  IF EXISTS (SELECT 1 FROM shipments_shipmentline l JOIN orders_orderline n ON n.id = l.order_line_id JOIN orders_order o ON o.id = n.order_id
              WHERE l.shipment_id = NEW.id AND (o.party_id <> NEW.party_id OR o.state NOT IN ('approved', 'done'))) THEN
    RAISE EXCEPTION 'shipment % holds lines of an order that may not be shipped', NEW.id
      USING ERRCODE = 'check_violation', CONSTRAINT = 'shipment_of_approved_orders';
  END IF;
  RETURN NEW;
END $$;

-- A clearance is given by finance (a release by a manager), for the content as it stands, never by who had a hand in it or stands for it.
CREATE OR REPLACE FUNCTION guard_clearance() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  may text[] := CASE NEW.kind WHEN 'confirmed' THEN ARRAY['finance'] ELSE ARRAY['manager', 'gm'] END;
BEGIN
  IF NOT EXISTS (SELECT 1 FROM people_person p WHERE p.id = NEW.by_id AND p.is_active AND p.roles::text[] && may) THEN
    RAISE EXCEPTION 'person % may not clear shipment %', NEW.by_id, NEW.shipment_id
      USING ERRCODE = 'check_violation', CONSTRAINT = 'clearance_by';
  END IF;
  IF NOT EXISTS (SELECT 1 FROM shipments_shipment s WHERE s.id = NEW.shipment_id AND s.state = 'reviewed' AND s.fingerprint = NEW.fingerprint) THEN
    RAISE EXCEPTION 'shipment % is not reviewed with this content', NEW.shipment_id
      USING ERRCODE = 'check_violation', CONSTRAINT = 'clearance_content';
  END IF;
  IF EXISTS (SELECT 1 FROM review_hand h JOIN shipments_shipment s ON s.id = h.record_id AND s.round = h.round
              WHERE h.record_id = NEW.shipment_id AND h.person_id = NEW.by_id)
     OR EXISTS (SELECT 1 FROM register_record r WHERE r.id = NEW.shipment_id AND NEW.by_id IN (r.author_id, r.salesperson_id)) THEN
    RAISE EXCEPTION 'person % had a hand in shipment % and cannot clear it', NEW.by_id, NEW.shipment_id
      USING ERRCODE = 'check_violation', CONSTRAINT = 'clearance_is_another';
  END IF;
  RETURN NEW;
END $$;

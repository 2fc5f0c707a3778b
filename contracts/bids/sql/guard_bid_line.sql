-- What we offer, and at which price, stays as it was handed in.
CREATE OR REPLACE FUNCTION guard_bid_line() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  of_bid bigint := (to_jsonb(CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END) ->> 'bid_id')::bigint;
BEGIN
  IF NOT EXISTS (SELECT 1 FROM bids_bid b WHERE b.id = of_bid AND b.state IN ('draft', 'submitted', 'preparing')) THEN
    RAISE EXCEPTION 'the goods of bid % were handed in', of_bid USING ERRCODE = 'check_violation', CONSTRAINT = 'bid_line_fixed';
  END IF;
  RETURN CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END;
END $$;

-- What does each order look like now?
-- Parameters: none
-- Columns: order_id varchar, product_name varchar, quantity integer, price decimal(10,2),
--   total_amount decimal(20,2), changed_at timestamp, sequence_number varchar
-- Order: none
--
-- The newest change by sequence number, whatever order changes came in and however often; orders
-- whose newest change is their removal are gone. Sequence numbers are digits of any length.
CREATE OR REPLACE VIEW orders_current AS
SELECT
  order_id,
  product_name,
  quantity,
  price,
  CAST(CAST(quantity AS decimal(10, 0)) * price AS decimal(20, 2)) AS total_amount,
  event_time AS changed_at,
  sequence_number
FROM (
  SELECT
    order_id,
    product_name,
    quantity,
    price,
    event_type,
    event_time,
    sequence_number,
    row_number() OVER (
      PARTITION BY order_id
      ORDER BY lpad(sequence_number, 40, '0') DESC
    ) AS newest
  FROM order_events
) AS ranked
WHERE newest = 1 AND event_type <> 'REMOVE'

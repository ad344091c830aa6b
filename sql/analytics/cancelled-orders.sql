-- Which orders were cancelled, and how long did they stand?
-- Parameters: none
-- Columns: order_id varchar, product_name varchar, quantity integer, price decimal(10,2),
--   placed_at timestamp, cancelled_at timestamp, minutes_standing bigint
-- Order: by time of the cancellation, newest first
--
-- placed_at is NULL for an order that was placed before its table was captured. An order that was
-- cancelled and placed again stands, and is not here.
WITH placed AS (
  SELECT
    order_id,
    max(event_time) FILTER (WHERE event_type = 'INSERT') AS placed_at,
    max(change_number) AS newest
  FROM orders_history
  GROUP BY order_id
)
SELECT
  h.order_id,
  h.product_name,
  h.quantity,
  h.price,
  p.placed_at,
  h.event_time AS cancelled_at,
  date_diff('minute', p.placed_at, h.event_time) AS minutes_standing
FROM orders_history AS h
JOIN placed AS p ON p.order_id = h.order_id AND p.newest = h.change_number
WHERE h.event_type = 'REMOVE'
ORDER BY h.event_time DESC, h.order_id

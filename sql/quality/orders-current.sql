-- Where is the view orders_current not what the changes of orders say?
-- Parameters: none
-- Columns: order_id varchar, problem varchar, rows_in_view bigint
-- Order: none
--
-- Each order whose highest sequence number, by length and then by its digits, is not of a REMOVE
-- stands in the view once, with that change; no other order does.
WITH longest AS (
  SELECT order_id, max(length(sequence_number)) AS digits
  FROM order_events
  GROUP BY order_id
),
newest AS (
  SELECT e.order_id, max(e.sequence_number) AS sequence_number
  FROM order_events AS e
  JOIN longest AS l ON l.order_id = e.order_id AND l.digits = length(e.sequence_number)
  GROUP BY e.order_id
),
expected AS (
  SELECT
    n.order_id,
    n.sequence_number,
    max(e.event_type) AS event_type,
    max(e.product_name) AS product_name,
    max(e.quantity) AS quantity,
    max(e.price) AS price
  FROM newest AS n
  JOIN order_events AS e ON e.order_id = n.order_id AND e.sequence_number = n.sequence_number
  GROUP BY n.order_id, n.sequence_number
),
viewed AS (
  SELECT
    order_id,
    count(*) AS rows_in_view,
    max(sequence_number) AS sequence_number,
    max(product_name) AS product_name,
    max(quantity) AS quantity,
    max(price) AS price
  FROM orders_current
  GROUP BY order_id
),
judged AS (
  SELECT
    COALESCE(e.order_id, v.order_id) AS order_id,
    CASE
      WHEN e.order_id IS NULL THEN 'there are no changes of this order'
      WHEN e.event_type = 'REMOVE' AND v.order_id IS NOT NULL THEN 'was removed'
      WHEN e.event_type <> 'REMOVE' AND v.order_id IS NULL THEN 'is missing'
      WHEN v.order_id IS NULL THEN NULL
      WHEN v.rows_in_view > 1 THEN 'is there more than once'
      WHEN v.sequence_number <> e.sequence_number THEN 'is not the newest change'
      WHEN v.product_name IS DISTINCT FROM e.product_name
        OR v.quantity IS DISTINCT FROM e.quantity
        OR v.price IS DISTINCT FROM e.price
        THEN 'has other values than the newest change'
    END AS problem,
    COALESCE(v.rows_in_view, 0) AS rows_in_view
  FROM expected AS e
  FULL JOIN viewed AS v ON v.order_id = e.order_id
)
SELECT order_id, problem, rows_in_view
FROM judged
WHERE problem IS NOT NULL

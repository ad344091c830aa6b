-- Which different products were ever ordered?
-- Parameters: none
-- Columns: product_name varchar, orders bigint, first_ordered timestamp, last_changed timestamp
-- Order: by product name
SELECT
  product_name,
  count(DISTINCT order_id) AS orders,
  min(event_time) AS first_ordered,
  max(event_time) AS last_changed
FROM order_events
WHERE product_name IS NOT NULL
GROUP BY product_name
ORDER BY product_name

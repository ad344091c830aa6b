-- How many orders are placed, changed and cancelled each day?
-- Parameters: none
-- Columns: change_date date, placed bigint, changed bigint, cancelled bigint,
--   quantity_changes bigint, price_changes bigint, cancelled_percent double
-- Order: by day
--
-- cancelled_percent is by the orders placed that day, whenever the cancelled ones were.
WITH days AS (
  SELECT
    CAST(event_time AS date) AS change_date,
    count(*) FILTER (WHERE event_type = 'INSERT') AS placed,
    count(*) FILTER (WHERE event_type = 'MODIFY') AS changed,
    count(*) FILTER (WHERE event_type = 'REMOVE') AS cancelled,
    count(*) FILTER (
      WHERE event_type = 'MODIFY' AND quantity IS DISTINCT FROM previous_quantity
    ) AS quantity_changes,
    count(*) FILTER (
      WHERE event_type = 'MODIFY' AND price IS DISTINCT FROM previous_price
    ) AS price_changes
  FROM orders_history
  GROUP BY CAST(event_time AS date)
)
SELECT
  change_date,
  placed,
  changed,
  cancelled,
  quantity_changes,
  price_changes,
  round(CAST(100 * cancelled AS double) / NULLIF(placed, 0), 2) AS cancelled_percent
FROM days
ORDER BY change_date

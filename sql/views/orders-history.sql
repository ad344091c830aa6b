-- How did each order change, and from what?
-- Parameters: none
-- Columns: order_id varchar, change_number bigint, event_type varchar, event_time timestamp,
--   product_name varchar, quantity integer, price decimal(10,2), previous_quantity integer,
--   previous_price decimal(10,2), previous_time timestamp, sequence_number varchar, year integer,
--   month integer, day integer
-- Order: none
--
-- Each change once, however often it was delivered, numbered from 1 within its order. What was
-- before is NULL for an INSERT, also for one that follows a removal.
CREATE OR REPLACE VIEW orders_history AS
WITH deliveries AS (
  SELECT
    order_id,
    product_name,
    quantity,
    price,
    event_type,
    event_time,
    lpad(sequence_number, 40, '0') AS ordinal,
    sequence_number,
    year,
    month,
    day,
    row_number() OVER (
      PARTITION BY order_id, lpad(sequence_number, 40, '0')
      ORDER BY event_time
    ) AS delivery
  FROM order_events
),
changes AS (
  SELECT
    order_id,
    row_number() OVER (PARTITION BY order_id ORDER BY ordinal) AS change_number,
    event_type,
    event_time,
    product_name,
    quantity,
    price,
    lag(quantity) OVER (PARTITION BY order_id ORDER BY ordinal) AS quantity_before,
    lag(price) OVER (PARTITION BY order_id ORDER BY ordinal) AS price_before,
    lag(event_time) OVER (PARTITION BY order_id ORDER BY ordinal) AS time_before,
    sequence_number,
    year,
    month,
    day
  FROM deliveries
  WHERE delivery = 1
)
SELECT
  order_id,
  change_number,
  event_type,
  event_time,
  product_name,
  quantity,
  price,
  CASE WHEN event_type <> 'INSERT' THEN quantity_before END AS previous_quantity,
  CASE WHEN event_type <> 'INSERT' THEN price_before END AS previous_price,
  CASE WHEN event_type <> 'INSERT' THEN time_before END AS previous_time,
  sequence_number,
  year,
  month,
  day
FROM changes

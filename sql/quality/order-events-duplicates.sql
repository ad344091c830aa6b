-- Which changes of orders are there in versions that differ?
-- Parameters: none
-- Columns: order_id varchar, sequence_number varchar, copies bigint, versions bigint
-- Order: none
--
-- Streams deliver at least once: copies of a change are no fault, and orders_current and
-- orders_history take each once. Two contents under one number are one: which of them counts is
-- chance then.
WITH versions AS (
  SELECT
    order_id,
    lpad(sequence_number, 40, '0') AS padded_number,
    min(sequence_number) AS sequence_number,
    count(*) AS copies
  FROM order_events
  GROUP BY
    order_id,
    lpad(sequence_number, 40, '0'),
    event_type,
    event_time,
    product_name,
    quantity,
    price
)
SELECT
  order_id,
  min(sequence_number) AS sequence_number,
  sum(copies) AS copies,
  count(*) AS versions
FROM versions
GROUP BY order_id, padded_number
HAVING count(*) > 1

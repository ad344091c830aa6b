-- Which changes of orders have an earlier time than the change before them?
-- Parameters: none
-- Columns: order_id varchar, change_number bigint, event_type varchar, event_time timestamp,
--   previous_time timestamp, sequence_number varchar
-- Order: none
--
-- Sequence numbers give the order of changes; a time that goes back is a wrong clock, and puts the
-- change into the partition of another day. When something arrived stands in no column, so how
-- late it came cannot be asked here: compare "date" of raw_transactions_json with the timestamp.
WITH followed AS (
  SELECT
    order_id,
    change_number,
    event_type,
    event_time,
    lag(event_time) OVER (PARTITION BY order_id ORDER BY change_number) AS previous_time,
    sequence_number
  FROM orders_history
)
SELECT order_id, change_number, event_type, event_time, previous_time, sequence_number
FROM followed
WHERE event_time < previous_time

-- Which changes of orders do not follow from the one before, so that one must be missing?
-- Parameters: none
-- Columns: order_id varchar, change_number bigint, event_type varchar,
--   previous_event_type varchar, event_time timestamp, sequence_number varchar
-- Order: none
--
-- An order begins with INSERT, and again after REMOVE; nothing else follows a REMOVE, and INSERT
-- nothing else. An order from before its table was captured has no INSERT either.
WITH followed AS (
  SELECT
    order_id,
    change_number,
    event_type,
    lag(event_type) OVER (PARTITION BY order_id ORDER BY change_number) AS previous_event_type,
    event_time,
    sequence_number
  FROM orders_history
)
SELECT order_id, change_number, event_type, previous_event_type, event_time, sequence_number
FROM followed
WHERE (event_type = 'INSERT') <> (COALESCE(previous_event_type, 'REMOVE') = 'REMOVE')

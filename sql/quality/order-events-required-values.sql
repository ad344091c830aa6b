-- Which changes of orders lack a value that each must have?
-- Parameters: none
-- Columns: order_id varchar, event_type varchar, event_time timestamp, sequence_number varchar,
--   year integer, month integer, day integer
-- Order: none
SELECT order_id, event_type, event_time, sequence_number, year, month, day
FROM order_events
WHERE order_id IS NULL
  OR event_type IS NULL
  OR event_time IS NULL
  OR sequence_number IS NULL

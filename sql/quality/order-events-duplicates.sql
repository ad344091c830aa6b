-- Which changes of orders are there more than once?
-- Parameters: none
-- Columns: order_id varchar, sequence_number varchar, copies bigint, event_types bigint
-- Order: none
--
-- Streams deliver at least once, so that a few are no fault, and orders_current and
-- orders_history leave them out. More than one event type under a number is one.
SELECT
  order_id,
  min(sequence_number) AS sequence_number,
  count(*) AS copies,
  count(DISTINCT event_type) AS event_types
FROM order_events
GROUP BY order_id, lpad(sequence_number, 40, '0')
HAVING count(*) > 1

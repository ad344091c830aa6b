-- Which changes of orders are in the partition of another day?
-- Parameters: none
-- Columns: order_id varchar, sequence_number varchar, event_time timestamp, year integer,
--   month integer, day integer
-- Order: none
--
-- A query that filters by year, month and day does not find them.
SELECT order_id, sequence_number, event_time, year, month, day
FROM order_events
WHERE year <> year(event_time)
  OR month <> month(event_time)
  OR day <> day(event_time)

-- Which transactions have an hour or a day of the week that is not their timestamp's?
-- Parameters: none
-- Columns: transaction_id varchar, timestamp timestamp, hour integer, expected_hour bigint,
--   day_of_week integer, expected_day_of_week bigint
-- Order: none
SELECT
  transaction_id,
  timestamp,
  hour,
  hour(timestamp) AS expected_hour,
  day_of_week,
  day_of_week(timestamp) - 1 AS expected_day_of_week
FROM transactions
WHERE hour <> hour(timestamp)
  OR day_of_week <> day_of_week(timestamp) - 1

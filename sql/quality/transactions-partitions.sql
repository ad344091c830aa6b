-- Which transactions are in the partition of another day?
-- Parameters: none
-- Columns: transaction_id varchar, timestamp timestamp, year integer, month integer, day integer
-- Order: none
--
-- A query that filters by year, month and day does not find them.
SELECT transaction_id, timestamp, year, month, day
FROM transactions
WHERE year <> year(timestamp)
  OR month <> month(timestamp)
  OR day <> day(timestamp)

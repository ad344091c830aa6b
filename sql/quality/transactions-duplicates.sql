-- Which transactions are there more than once?
-- Parameters: none
-- Columns: transaction_id varchar, copies bigint, different_amounts bigint,
--   first_timestamp timestamp, last_timestamp timestamp
-- Order: none
--
-- Across all files and partitions. The transformer leaves out duplicates within a source object;
-- the same transaction in two source objects comes to light here.
SELECT
  transaction_id,
  count(*) AS copies,
  count(DISTINCT total_amount) AS different_amounts,
  min(timestamp) AS first_timestamp,
  max(timestamp) AS last_timestamp
FROM transactions
GROUP BY transaction_id
HAVING count(*) > 1

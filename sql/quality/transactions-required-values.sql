-- Which transactions lack a value that each must have?
-- Parameters: none
-- Columns: transaction_id varchar, timestamp timestamp, customer_id varchar, product_id varchar,
--   product_name varchar, category varchar, quantity integer, price decimal(10,2),
--   total_amount decimal(12,2), hour integer, day_of_week integer
-- Order: none
--
-- A file that was written before a column was added, or by another writer, gives NULL.
SELECT
  transaction_id,
  timestamp,
  customer_id,
  product_id,
  product_name,
  category,
  quantity,
  price,
  total_amount,
  hour,
  day_of_week
FROM transactions
WHERE transaction_id IS NULL
  OR timestamp IS NULL
  OR customer_id IS NULL
  OR product_id IS NULL
  OR product_name IS NULL
  OR category IS NULL
  OR quantity IS NULL
  OR price IS NULL
  OR total_amount IS NULL
  OR hour IS NULL
  OR day_of_week IS NULL

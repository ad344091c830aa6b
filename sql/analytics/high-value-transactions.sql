-- Which transactions are worth at least so much?
-- Parameters: minimum_amount decimal(12,2) default 500.00
-- Columns: transaction_id varchar, timestamp timestamp, customer_id varchar,
--   product_name varchar, category varchar, quantity integer, price decimal(10,2),
--   total_amount decimal(12,2)
-- Order: by amount, largest first
SELECT
  transaction_id,
  timestamp,
  customer_id,
  product_name,
  category,
  quantity,
  price,
  total_amount
FROM transactions
WHERE total_amount >= CAST(? AS decimal(12, 2))
ORDER BY total_amount DESC, transaction_id

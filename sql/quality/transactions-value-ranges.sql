-- Which transactions have a value that cannot be?
-- Parameters: none
-- Columns: transaction_id varchar, problem varchar, quantity integer, price decimal(10,2),
--   total_amount decimal(12,2), hour integer, day_of_week integer
-- Order: none
--
-- problem is the first that was found.
WITH judged AS (
  SELECT
    transaction_id,
    CASE
      WHEN transaction_id = '' THEN 'transaction_id is empty'
      WHEN customer_id = '' THEN 'customer_id is empty'
      WHEN product_id = '' THEN 'product_id is empty'
      WHEN product_name = '' THEN 'product_name is empty'
      WHEN category = '' THEN 'category is empty'
      WHEN quantity < 1 THEN 'quantity is less than 1'
      WHEN price < 0 THEN 'price is negative'
      WHEN total_amount < 0 THEN 'total_amount is negative'
      WHEN hour NOT BETWEEN 0 AND 23 THEN 'hour is not in 0 to 23'
      WHEN day_of_week NOT BETWEEN 0 AND 6 THEN 'day_of_week is not in 0 to 6'
    END AS problem,
    quantity,
    price,
    total_amount,
    hour,
    day_of_week
  FROM transactions
)
SELECT transaction_id, problem, quantity, price, total_amount, hour, day_of_week
FROM judged
WHERE problem IS NOT NULL

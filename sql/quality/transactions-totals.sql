-- Which transactions do not add up?
-- Parameters: none
-- Columns: transaction_id varchar, quantity integer, price decimal(10,2),
--   total_amount decimal(12,2), expected_amount decimal(20,2)
-- Order: none
--
-- total_amount is exactly quantity times price.
SELECT
  transaction_id,
  quantity,
  price,
  total_amount,
  CAST(CAST(quantity AS decimal(10, 0)) * price AS decimal(20, 2)) AS expected_amount
FROM transactions
WHERE CAST(quantity AS decimal(10, 0)) * price <> total_amount

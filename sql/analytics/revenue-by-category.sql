-- Which categories bring in the money?
-- Parameters: none
-- Columns: category, transactions, units, revenue, average_transaction
-- Ordered: by revenue, largest first
SELECT
  category,
  count(*) AS transactions,
  sum(quantity) AS units,
  sum(total_amount) AS revenue,
  CAST(avg(CAST(total_amount AS double)) AS decimal(12, 2)) AS average_transaction
FROM transactions
GROUP BY category
ORDER BY revenue DESC, category

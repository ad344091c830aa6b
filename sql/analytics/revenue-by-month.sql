-- How does revenue develop from month to month?
-- Parameters: none
-- Columns: year, month, transactions, customers, revenue
-- Ordered: by month
SELECT
  year,
  month,
  count(*) AS transactions,
  count(DISTINCT customer_id) AS customers,
  sum(total_amount) AS revenue
FROM transactions
GROUP BY year, month
ORDER BY year, month

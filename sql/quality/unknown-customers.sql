-- Who bought without being among the customers?
-- Parameters: none
-- Columns: customer_id varchar, transactions bigint, revenue decimal(38,2),
--   first_purchase timestamp, last_purchase timestamp
-- Order: none
SELECT
  t.customer_id,
  count(*) AS transactions,
  sum(t.total_amount) AS revenue,
  min(t.timestamp) AS first_purchase,
  max(t.timestamp) AS last_purchase
FROM transactions AS t
LEFT JOIN customers AS c ON c.customer_id = t.customer_id
WHERE c.customer_id IS NULL
GROUP BY t.customer_id

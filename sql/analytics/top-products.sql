-- Which ten products bring in the most?
-- Parameters: none
-- Columns: product_id varchar, product_name varchar, category varchar, units bigint,
--   revenue decimal(38,2)
-- Order: by revenue, largest first
SELECT
  product_id,
  max(product_name) AS product_name,
  max(category) AS category,
  sum(quantity) AS units,
  sum(total_amount) AS revenue
FROM transactions
GROUP BY product_id
ORDER BY revenue DESC, product_id
LIMIT 10

-- How does each product do, by itself and within its category?
-- Parameters: none
-- Columns: category varchar, product_id varchar, product_name varchar, transactions bigint,
--   customers bigint, units bigint, revenue decimal(38,2), average_price decimal(10,2),
--   rank_in_category bigint, share_of_category_percent double
-- Order: by category, and there by revenue, largest first
--
-- average_price is what a unit went for on average.
WITH products AS (
  SELECT
    category,
    product_id,
    max(product_name) AS product_name,
    count(*) AS transactions,
    count(DISTINCT customer_id) AS customers,
    sum(quantity) AS units,
    sum(total_amount) AS revenue
  FROM transactions
  GROUP BY category, product_id
)
SELECT
  category,
  product_id,
  product_name,
  transactions,
  customers,
  units,
  revenue,
  CAST(round(CAST(revenue AS double) / NULLIF(units, 0), 2) AS decimal(10, 2)) AS average_price,
  rank() OVER (PARTITION BY category ORDER BY revenue DESC) AS rank_in_category,
  round(
    CAST(100 * revenue AS double) / NULLIF(sum(revenue) OVER (PARTITION BY category), 0), 2
  ) AS share_of_category_percent
FROM products
ORDER BY category, revenue DESC, product_id

-- Which few products bring in most of the revenue?
-- Parameters: none
-- Columns: revenue_rank bigint, product_id varchar, product_name varchar, revenue decimal(38,2),
--   share_percent double, cumulative_percent double, class varchar
-- Order: by revenue, largest first
--
-- Class A are the products that together make the first 80 % of revenue, B those up to 95 %, C
-- the rest. The product that crosses a border belongs to the class before it.
WITH products AS (
  SELECT
    product_id,
    max(product_name) AS product_name,
    sum(total_amount) AS revenue
  FROM transactions
  GROUP BY product_id
),
ranked AS (
  SELECT
    row_number() OVER (ORDER BY revenue DESC, product_id) AS revenue_rank,
    product_id,
    product_name,
    revenue,
    sum(revenue) OVER (
      ORDER BY revenue DESC, product_id
      ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW
    ) AS cumulative_revenue,
    sum(revenue) OVER () AS total_revenue
  FROM products
)
SELECT
  revenue_rank,
  product_id,
  product_name,
  revenue,
  round(CAST(100 * revenue AS double) / NULLIF(total_revenue, 0), 2) AS share_percent,
  round(
    CAST(100 * cumulative_revenue AS double) / NULLIF(total_revenue, 0), 2
  ) AS cumulative_percent,
  CASE
    WHEN 100 * (cumulative_revenue - revenue) < 80 * total_revenue THEN 'A'
    WHEN 100 * (cumulative_revenue - revenue) < 95 * total_revenue THEN 'B'
    ELSE 'C'
  END AS class
FROM ranked
ORDER BY revenue_rank

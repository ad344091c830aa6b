-- How much of each month comes from new customers, and how much from returning ones?
-- Parameters: none
-- Columns: month_start date, customers bigint, new_customers bigint, returning_customers bigint,
--   revenue decimal(38,2), new_revenue decimal(38,2), returning_revenue decimal(38,2),
--   new_revenue_percent double
-- Order: by month
--
-- A customer is new in the month of the first purchase, and returning in every later one.
WITH purchases AS (
  SELECT
    customer_id,
    CAST(date_trunc('month', timestamp) AS date) AS month_start,
    sum(total_amount) AS revenue
  FROM transactions
  GROUP BY customer_id, CAST(date_trunc('month', timestamp) AS date)
),
placed AS (
  SELECT
    month_start,
    revenue,
    month_start = min(month_start) OVER (PARTITION BY customer_id) AS is_new
  FROM purchases
),
months AS (
  SELECT
    month_start,
    count(*) AS customers,
    count(*) FILTER (WHERE is_new) AS new_customers,
    count(*) FILTER (WHERE NOT is_new) AS returning_customers,
    sum(revenue) AS revenue,
    COALESCE(sum(revenue) FILTER (WHERE is_new), 0) AS new_revenue,
    COALESCE(sum(revenue) FILTER (WHERE NOT is_new), 0) AS returning_revenue
  FROM placed
  GROUP BY month_start
)
SELECT
  month_start,
  customers,
  new_customers,
  returning_customers,
  revenue,
  new_revenue,
  returning_revenue,
  round(CAST(100 * new_revenue AS double) / NULLIF(revenue, 0), 2) AS new_revenue_percent
FROM months
ORDER BY month_start

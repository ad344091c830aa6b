-- How many of the customers who first bought in a month still buy in the months after?
-- Parameters: none
-- Columns: cohort_month date, months_later bigint, cohort_size bigint, customers bigint,
--   retention_percent double, revenue decimal(38,2)
-- Order: by cohort, and there by months later
--
-- Months in which nobody of a cohort bought are missing.
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
    min(month_start) OVER (PARTITION BY customer_id) AS cohort_month
  FROM purchases
),
cohorts AS (
  SELECT
    cohort_month,
    date_diff('month', cohort_month, month_start) AS months_later,
    count(*) AS customers,
    sum(revenue) AS revenue
  FROM placed
  GROUP BY cohort_month, date_diff('month', cohort_month, month_start)
),
sized AS (
  SELECT
    cohort_month,
    months_later,
    max(CASE WHEN months_later = 0 THEN customers END) OVER (
      PARTITION BY cohort_month
    ) AS cohort_size,
    customers,
    revenue
  FROM cohorts
)
SELECT
  cohort_month,
  months_later,
  cohort_size,
  customers,
  round(CAST(100 * customers AS double) / NULLIF(cohort_size, 0), 2) AS retention_percent,
  revenue
FROM sized
ORDER BY cohort_month, months_later

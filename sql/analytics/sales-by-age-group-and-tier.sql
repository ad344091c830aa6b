-- Which customers, by age group and membership tier, bring in how much?
-- Parameters: none
-- Columns: age_group varchar, membership_tier varchar, customers bigint, transactions bigint,
--   revenue decimal(38,2), revenue_per_customer decimal(38,2), share_percent double
-- Order: by revenue, largest first
--
-- Customers of whom nothing is known are in group and tier unknown.
WITH segments AS (
  SELECT
    COALESCE(age_group, 'unknown') AS age_group,
    COALESCE(membership_tier, 'unknown') AS membership_tier,
    count(DISTINCT customer_id) AS customers,
    count(*) AS transactions,
    sum(total_amount) AS revenue
  FROM sales
  GROUP BY COALESCE(age_group, 'unknown'), COALESCE(membership_tier, 'unknown')
)
SELECT
  age_group,
  membership_tier,
  customers,
  transactions,
  revenue,
  CAST(
    round(CAST(revenue AS double) / NULLIF(customers, 0), 2) AS decimal(38, 2)
  ) AS revenue_per_customer,
  round(CAST(100 * revenue AS double) / NULLIF(sum(revenue) OVER (), 0), 2) AS share_percent
FROM segments
ORDER BY revenue DESC, age_group, membership_tier

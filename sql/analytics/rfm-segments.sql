-- Who are the best customers, who are new, and who is about to leave?
-- Parameters: none
-- Columns: customer_id varchar, recency_days bigint, purchases bigint, revenue decimal(38,2),
--   recency_score bigint, frequency_score bigint, monetary_score bigint, segment varchar
-- Order: by revenue, largest first
--
-- Each score is a fifth of the customers, 5 the best: who bought last most recently, most often,
-- and for the most money. Days are counted back from the newest day of the data.
WITH customer_totals AS (
  SELECT
    customer_id,
    CAST(max(timestamp) AS date) AS last_purchase,
    count(*) AS purchases,
    sum(total_amount) AS revenue
  FROM transactions
  GROUP BY customer_id
),
recent AS (
  SELECT
    customer_id,
    date_diff('day', last_purchase, max(last_purchase) OVER ()) AS recency_days,
    purchases,
    revenue
  FROM customer_totals
),
scored AS (
  SELECT
    customer_id,
    recency_days,
    purchases,
    revenue,
    ntile(5) OVER (ORDER BY recency_days DESC, customer_id) AS recency_score,
    ntile(5) OVER (ORDER BY purchases, customer_id) AS frequency_score,
    ntile(5) OVER (ORDER BY revenue, customer_id) AS monetary_score
  FROM recent
)
SELECT
  customer_id,
  recency_days,
  purchases,
  revenue,
  recency_score,
  frequency_score,
  monetary_score,
  CASE
    WHEN recency_score >= 4 AND frequency_score >= 4 AND monetary_score >= 4 THEN 'champion'
    WHEN recency_score >= 3 AND frequency_score >= 3 THEN 'loyal'
    WHEN recency_score >= 4 THEN 'new or occasional'
    WHEN recency_score <= 2 AND (frequency_score >= 4 OR monetary_score >= 4) THEN 'at risk'
    WHEN recency_score <= 2 THEN 'lapsed'
    ELSE 'needs attention'
  END AS segment
FROM scored
ORDER BY revenue DESC, customer_id

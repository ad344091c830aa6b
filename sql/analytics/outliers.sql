-- Which transactions are unusually small or large for their product?
-- Parameters: factor decimal(4,2) default 1.50
-- Columns: transaction_id varchar, timestamp timestamp, product_id varchar,
--   product_name varchar, total_amount decimal(12,2), lower_quartile decimal(12,2),
--   upper_quartile decimal(12,2), direction varchar
-- Order: by product, and there by amount, largest first
--
-- Outside of the quartiles by more than factor times the distance between them (Tukey's fences).
-- A quartile is the smallest amount that at least that quarter of the product's transactions do
-- not exceed.
WITH ranked AS (
  SELECT
    product_id,
    total_amount,
    row_number() OVER (PARTITION BY product_id ORDER BY total_amount) AS ordinal,
    count(*) OVER (PARTITION BY product_id) AS transactions
  FROM transactions
),
quartiles AS (
  SELECT
    product_id,
    min(total_amount) FILTER (WHERE 4 * ordinal >= transactions) AS lower_quartile,
    min(total_amount) FILTER (WHERE 4 * ordinal >= 3 * transactions) AS upper_quartile
  FROM ranked
  GROUP BY product_id
),
fences AS (
  SELECT
    product_id,
    lower_quartile,
    upper_quartile,
    CAST(? AS decimal(4, 2)) * (upper_quartile - lower_quartile) AS allowance
  FROM quartiles
)
SELECT
  t.transaction_id,
  t.timestamp,
  t.product_id,
  t.product_name,
  t.total_amount,
  f.lower_quartile,
  f.upper_quartile,
  CASE WHEN t.total_amount > f.upper_quartile THEN 'large' ELSE 'small' END AS direction
FROM transactions AS t
JOIN fences AS f ON f.product_id = t.product_id
WHERE t.total_amount > f.upper_quartile + f.allowance
  OR t.total_amount < f.lower_quartile - f.allowance
ORDER BY t.product_id, t.total_amount DESC, t.transaction_id

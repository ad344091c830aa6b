-- How are the rows of each table spread over its partitions?
-- Parameters: none
-- Columns: table_name varchar, year integer, month integer, day integer, row_count bigint,
--   percent_of_average double
-- Order: by table, and there by day
--
-- Partitions far below the average are small files, which cost a request each and save nothing;
-- far above it they are what a query waits for.
WITH partitions AS (
  SELECT 'transactions' AS table_name, year, month, day, count(*) AS row_count
  FROM transactions
  GROUP BY year, month, day
  UNION ALL
  SELECT 'order_events' AS table_name, year, month, day, count(*) AS row_count
  FROM order_events
  GROUP BY year, month, day
),
compared AS (
  SELECT
    table_name,
    year,
    month,
    day,
    row_count,
    sum(row_count) OVER (PARTITION BY table_name) AS total_rows,
    count(*) OVER (PARTITION BY table_name) AS partition_count
  FROM partitions
)
SELECT
  table_name,
  year,
  month,
  day,
  row_count,
  round(
    CAST(100 * row_count * partition_count AS double) / NULLIF(total_rows, 0), 2
  ) AS percent_of_average
FROM compared
ORDER BY table_name, year, month, day

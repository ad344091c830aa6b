-- How are rows, files and bytes spread over the partitions of transactions?
-- Parameters: none
-- Columns: year integer, month integer, day integer, row_count bigint, file_count bigint,
--   byte_count bigint, average_file_bytes bigint, percent_of_average double
-- Order: by day
--
-- A partition of many small files costs a request for each and saves nothing; one whose bytes are
-- far above the average is what a query waits for.
WITH files AS (
  SELECT
    year,
    month,
    day,
    "$path" AS path,
    max("$file_size") AS file_size,
    count(*) AS row_count
  FROM transactions
  GROUP BY year, month, day, "$path"
),
partitions AS (
  SELECT
    year,
    month,
    day,
    sum(row_count) AS row_count,
    count(*) AS file_count,
    sum(file_size) AS byte_count
  FROM files
  GROUP BY year, month, day
),
compared AS (
  SELECT
    year,
    month,
    day,
    row_count,
    file_count,
    byte_count,
    sum(byte_count) OVER () AS total_bytes,
    count(*) OVER () AS partition_count
  FROM partitions
)
SELECT
  year,
  month,
  day,
  row_count,
  file_count,
  byte_count,
  CAST(round(CAST(byte_count AS double) / NULLIF(file_count, 0)) AS bigint) AS average_file_bytes,
  round(
    CAST(100 * byte_count * partition_count AS double) / NULLIF(total_bytes, 0), 2
  ) AS percent_of_average
FROM compared
ORDER BY year, month, day

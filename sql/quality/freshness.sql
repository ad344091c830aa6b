-- Is the newest transaction older than it may be?
-- Parameters: hours integer default 24
-- Columns: newest_transaction timestamp, allowed_hours integer
-- Order: none
--
-- One row where it is, and where there is no transaction at all. Looks at the present and the
-- past year alone: what is older is stale by any measure.
WITH newest AS (
  SELECT
    max(timestamp) AS newest_transaction,
    CAST(? AS integer) AS allowed_hours
  FROM transactions
  WHERE year >= year(current_date) - 1
)
SELECT newest_transaction, allowed_hours
FROM newest
WHERE newest_transaction IS NULL
  OR newest_transaction + allowed_hours * INTERVAL '1' HOUR < CAST(current_timestamp AS timestamp)

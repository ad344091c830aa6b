-- Which customers have a value that cannot be?
-- Parameters: none
-- Columns: customer_id varchar, problem varchar, age_group varchar, membership_tier varchar,
--   signup_date date
-- Order: none
--
-- problem is the first that was found.
WITH judged AS (
  SELECT
    customer_id,
    CASE
      WHEN customer_id = '' THEN 'customer_id is empty'
      WHEN age_group NOT IN ('18-24', '25-34', '35-44', '45-54', '55-64', '65+')
        THEN 'age_group is unknown'
      WHEN membership_tier NOT IN ('bronze', 'silver', 'gold', 'platinum')
        THEN 'membership_tier is unknown'
    END AS problem,
    age_group,
    membership_tier,
    signup_date
  FROM customers
)
SELECT customer_id, problem, age_group, membership_tier, signup_date
FROM judged
WHERE problem IS NOT NULL

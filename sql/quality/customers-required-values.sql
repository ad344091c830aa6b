-- Which customers lack a value that each must have?
-- Parameters: none
-- Columns: customer_id varchar, age_group varchar, membership_tier varchar, signup_date date
-- Order: none
SELECT customer_id, age_group, membership_tier, signup_date
FROM customers
WHERE customer_id IS NULL
  OR age_group IS NULL
  OR membership_tier IS NULL
  OR signup_date IS NULL

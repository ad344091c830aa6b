CREATE EXTERNAL TABLE IF NOT EXISTS `customers` (
  `customer_id` string COMMENT 'Identifies the customer.',
  `age_group` string COMMENT 'How old the customer is, in years.',
  `membership_tier` string COMMENT 'Tier of membership: bronze, silver, gold or platinum.',
  `signup_date` date COMMENT 'The day on which the customer signed up.'
)
COMMENT 'Customers: one row for each, as they stand now.'
STORED AS PARQUET
LOCATION 's3://<curated-bucket>/processed/customers/'
TBLPROPERTIES (
  'classification' = 'parquet',
  'saleslake.version' = '1'
);

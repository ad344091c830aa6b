CREATE EXTERNAL TABLE IF NOT EXISTS `transactions` (
  `transaction_id` string COMMENT 'Identifies the transaction, across all sources.',
  `timestamp` timestamp COMMENT 'When the sale took place, UTC.',
  `customer_id` string COMMENT 'Who bought.',
  `product_id` string COMMENT 'What was bought.',
  `product_name` string COMMENT 'Name of the product at the time of the sale.',
  `category` string COMMENT 'Category of the product at the time of the sale.',
  `quantity` int COMMENT 'How many were bought.',
  `price` decimal(10,2) COMMENT 'Price of one.',
  `total_amount` decimal(12,2) COMMENT 'Exactly quantity times price.',
  `hour` int COMMENT 'Hour of the timestamp, UTC, 0 to 23.',
  `day_of_week` int COMMENT 'Day of week of the timestamp, UTC, 0 = Monday.'
)
COMMENT 'Sales: one row for each product sold.'
PARTITIONED BY (
  `year` int COMMENT 'Partition: the year of timestamp, UTC.',
  `month` int COMMENT 'Partition: the month of timestamp, UTC.',
  `day` int COMMENT 'Partition: the day of timestamp, UTC.'
)
STORED AS PARQUET
LOCATION 's3://<curated-bucket>/processed/transactions/'
TBLPROPERTIES (
  'classification' = 'parquet',
  'saleslake.version' = '1',
  'projection.enabled' = 'true',
  'projection.year.type' = 'integer',
  'projection.year.range' = '2015,2045',
  'projection.year.digits' = '4',
  'projection.month.type' = 'integer',
  'projection.month.range' = '1,12',
  'projection.month.digits' = '2',
  'projection.day.type' = 'integer',
  'projection.day.range' = '1,31',
  'projection.day.digits' = '2',
  'storage.location.template' = 's3://<curated-bucket>/processed/transactions/year=${year}/month=${month}/day=${day}/'
);

const { alarms, metric } = require('../alarm.cjs');

module.exports = alarms('lake', {
  // https://docs.aws.amazon.com/athena/latest/ug/query-metrics-viewing.html
  'bytes-scanned': metric('The queries of a day scanned more bytes than is planned for.', {
    Namespace: 'AWS/Athena',
    MetricName: 'ProcessedBytes',
    Dimensions: { WorkGroup: { Ref: 'Workgroup' } },
    Statistic: 'Sum',
    Period: 86400,
    Threshold: '${param:dailyBytesScannedBudget}',
  }),
});

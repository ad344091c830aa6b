const { alarms, messagesIn, ownMetric } = require('../alarm.cjs');

// Measured at each run, every 15 minutes: between two runs an alarm stays as the last one said.
const BY_RUN = { Statistic: 'Maximum', TreatMissingData: 'ignore' };

module.exports = async ({ resolveVariable }) => {
  const freshTables = await resolveVariable('param:freshTables');
  return alarms('reconciler', {
    failures: messagesIn(
      'FailedRunsQueue',
      'The lake could not be reconciled, so nobody knows whether rows are missing.',
    ),
    'missing-objects': ownMetric(
      'reconciler',
      'MissingObjects',
      'Raw objects were not transformed, although they were driven again: their rows are missing.',
      BY_RUN,
    ),
    'mismatched-objects': ownMetric(
      'reconciler',
      'MismatchedObjects',
      'Outputs of raw objects are gone, or have other rows than were written.',
      BY_RUN,
    ),
    'failed-records': ownMetric(
      'reconciler',
      'FailedRecordObjects',
      'Records that Firehose could not use wait under firehose-errors/ to be replayed.',
      BY_RUN,
    ),
    ...Object.fromEntries(
      freshTables.split(',').map((name) => {
        const table = name.trim();
        return [
          `stale-${table.replaceAll('_', '-')}`,
          ownMetric(
            'reconciler',
            'MinutesSinceArrival',
            `No records of ${table} have arrived for longer than they should take.`,
            {
              ...BY_RUN,
              Dimensions: { service: 'reconciler', table },
              Threshold: '${param:freshnessMinutes}',
            },
          ),
        ];
      }),
    ),
  });
};

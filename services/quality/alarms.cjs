const { alarms, messagesIn, ownMetric } = require('../alarm.cjs');

module.exports = alarms('quality', {
  failures: messagesIn(
    'FailedRunsQueue',
    'The quality checks could not be run, so nobody knows what they would say.',
  ),
  'failed-checks': ownMetric(
    'quality',
    'ChecksFailed',
    'Quality checks found rows that violate them, or could not be answered.',
    // Between two runs it is as the last one said.
    { TreatMissingData: 'ignore' },
  ),
});

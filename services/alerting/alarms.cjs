const { alarms, messagesIn } = require('../alarm.cjs');

module.exports = alarms('alerting', {
  // The one alarm with an action: if alerting itself fails, CloudWatch's own words must do. While it
  // works it tells of this incident too, in better ones.
  failures: {
    ...messagesIn('FailedAlertsQueue', 'Alerts could not be sent: look at the alarms themselves.'),
    AlarmActions: [{ Ref: 'AlertsTopic' }],
  },
});

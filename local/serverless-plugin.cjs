// The entry that serverless.yml names: Serverless loads JavaScript, the plugin is TypeScript.
// What the SDK says of this machine's Node is no news of the function's, which runs on its own.
process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED = 'true';

require('tsx/cjs');
module.exports = require('./src/serverless-plugin/plugin.ts').SaleslakePlugin;

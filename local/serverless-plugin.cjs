// The entry that serverless.yml names: Serverless loads JavaScript, the plugin is TypeScript.
require('tsx/cjs');
module.exports = require('./src/serverless-plugin/plugin.ts').SaleslakePlugin;

import type { Template, TemplateResource } from '../../src/cloudformation/template';
import { emptyDeployment, type Deployment } from '../../src/cloudformation/deployment';
import { planStack } from '../../src/cloudformation/plan-stack';

export const ENVIRONMENT = {
  accountId: '000000000000',
  region: 'us-east-1',
  endpoint: 'http://127.0.0.1:4566',
};

/** Plans one stack of these resources. */
export function planned(
  Resources: Record<string, TemplateResource>,
  more: Partial<Template> = {},
): Deployment {
  const deployment = emptyDeployment();
  plan(deployment, Resources, more);
  return deployment;
}

export function plan(
  deployment: Deployment,
  Resources: Record<string, TemplateResource>,
  more: Partial<Template> = {},
  name = 'x',
): void {
  const stack = {
    label: `services/${name}`,
    name: `${name}-local`,
    template: { ...more, Resources },
    packageFolder: '/package',
  };
  planStack(stack, ENVIRONMENT, deployment);
}
